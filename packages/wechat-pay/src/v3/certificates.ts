import { X509Certificate } from 'node:crypto';
import { AppError } from '@lingquan/errors';
import { toRfc3339 } from '../time.ts';
import { isObject, objectIn, parseObject, textIn, type Json } from './json.ts';
import { sameSerialForm } from './keys.ts';
import { algorithm, openResource, sealResource } from './resource.ts';

/** A certificate of the platform. All of it is public. */
export type PlatformCertificate = { serialNo: string; pem: string; effectiveAtMs: number; expiresAtMs: number };

/**
 * Opens the answer of `GET /v3/certificates` (reference B.4). Its signature can only be checked afterwards, with these
 * certificates: that they open proves who sealed them. Entries that are not RSA are left out.
 * @throws AppError `unauthorized` when an entry does not open, `invalid` when one is no certificate or another than it says
 */
export function openCertificates(apiV3Key: string | Buffer, body: string): PlatformCertificate[] {
  const { data } = parseObject(body);
  if (!Array.isArray(data)) throw new AppError('invalid', 'Not a list of platform certificates');
  return data
    .map((entry: unknown) => openEntry(apiV3Key, isObject(entry) ? entry : {}))
    .filter((certificate) => certificate !== undefined);
}

function openEntry(apiV3Key: string | Buffer, entry: Json): PlatformCertificate | undefined {
  const sealed = objectIn(entry, 'encrypt_certificate');
  if (textIn(sealed, 'algorithm') !== algorithm) return undefined;
  const pem = openResource(apiV3Key, {
    ciphertext: textIn(sealed, 'ciphertext'),
    nonce: textIn(sealed, 'nonce'),
    associated_data: textIn(sealed, 'associated_data'),
  });
  const certificate = readCertificate(pem);
  if (sameSerialForm(textIn(entry, 'serial_no')) !== sameSerialForm(certificate.serialNo))
    throw new AppError('invalid', 'A platform certificate has another serial than it came under');
  return certificate;
}

/**
 * Serial and validity of a certificate in PEM.
 * @throws AppError `invalid` when it is none with an RSA key
 */
export function readCertificate(pem: string): PlatformCertificate {
  const x509 = parse(pem);
  if (x509.publicKey.asymmetricKeyType !== 'rsa') throw new AppError('invalid', 'A certificate has no RSA key');
  return {
    serialNo: x509.serialNumber.toUpperCase(),
    pem,
    effectiveAtMs: x509.validFromDate.getTime(),
    expiresAtMs: x509.validToDate.getTime(),
  };
}

function parse(pem: string): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch {
    throw new AppError('invalid', 'Not a certificate');
  }
}

/** The certificate to encrypt new fields with: the newest that is in effect (reference B.4); undefined when none is. */
export function newestEffective(certificates: readonly PlatformCertificate[], nowMs: number) {
  return certificates
    .filter(({ effectiveAtMs, expiresAtMs }) => effectiveAtMs <= nowMs && nowMs < expiresAtMs)
    .toSorted((a, b) => b.effectiveAtMs - a.effectiveAtMs)[0];
}

/** The platform's side: the answer of `GET /v3/certificates`. One fresh nonce of 12 characters for each. */
export function sealCertificates(
  apiV3Key: string | Buffer,
  certificates: readonly PlatformCertificate[],
  nonces: readonly string[],
): string {
  return JSON.stringify({
    data: certificates.map(({ serialNo, pem, effectiveAtMs, expiresAtMs }, index) => {
      const nonce = nonces[index] ?? '';
      const associatedData = 'certificate';
      return {
        serial_no: serialNo,
        effective_time: toRfc3339(effectiveAtMs),
        expire_time: toRfc3339(expiresAtMs),
        encrypt_certificate: {
          algorithm,
          nonce,
          associated_data: associatedData,
          ciphertext: sealResource(apiV3Key, { nonce, associatedData, plaintext: pem }),
        },
      };
    }),
  });
}
