// oxlint-disable-next-line import/no-unassigned-import -- the certificate library's container asks for it, before the library itself
import 'reflect-metadata';
import { randomBytes, randomInt, webcrypto } from 'node:crypto';
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  type Extension,
  type JsonGeneralNames,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from '@peculiar/x509';

const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };
const yearMs = 365.25 * 86_400_000;

/** A private key, its public half and its certificate, as PEM: PKCS#8, SPKI, X.509. */
export interface KeyFiles {
  readonly keyPem: string;
  readonly publicKeyPem: string;
}

export interface CertifiedKeyFiles extends KeyFiles {
  readonly certificatePem: string;
}

const pem = (label: string, der: ArrayBuffer): string =>
  `-----BEGIN ${label}-----\n${Buffer.from(der)
    .toString('base64')
    .replace(/.{64}(?=.)/g, '$&\n')}\n-----END ${label}-----\n`;

async function newKeyPair(): Promise<{ keys: webcrypto.CryptoKeyPair; files: KeyFiles }> {
  const keys = await webcrypto.subtle.generateKey(
    { ...algorithm, modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]) },
    true,
    ['sign', 'verify'],
  );
  const keyPem = pem('PRIVATE KEY', await webcrypto.subtle.exportKey('pkcs8', keys.privateKey));
  const publicKeyPem = pem('PUBLIC KEY', await webcrypto.subtle.exportKey('spki', keys.publicKey));
  return { keys, files: { keyPem, publicKeyPem } };
}

/** A new RSA 2048 key. */
export async function newKey(): Promise<KeyFiles> {
  return (await newKeyPair()).files;
}

export interface CertificateTerms {
  /** `CN=…, O=…, C=CN`. */
  readonly subject: string;
  /** From when, in milliseconds; it holds five years, as the platform's do (reference B.4). */
  readonly from: number;
  /** What it may be used for in TLS; left out where it is only to sign messages. */
  readonly usage?: 'client' | 'server';
  /** The names a server's certificate is for. */
  readonly names?: JsonGeneralNames;
}

/** 20 bytes that read as 40 upper-case hexadecimal digits, positive and without a leading zero. */
const newSerial = (): string => randomInt(0x10, 0x80).toString(16) + randomBytes(19).toString('hex');

/** A new RSA 2048 key and a certificate for it, signed by itself. */
export async function newCertificate({ subject, from, usage, names }: CertificateTerms): Promise<CertifiedKeyFiles> {
  const { keys, files } = await newKeyPair();
  const extensions: Extension[] = [
    new BasicConstraintsExtension(false, undefined, true),
    new KeyUsagesExtension(KeyUsageFlags.digitalSignature | KeyUsageFlags.keyEncipherment, true),
  ];
  if (usage !== undefined)
    extensions.push(
      new ExtendedKeyUsageExtension([usage === 'client' ? ExtendedKeyUsage.clientAuth : ExtendedKeyUsage.serverAuth]),
    );
  if (names !== undefined) extensions.push(new SubjectAlternativeNameExtension(names));
  const certificate = await X509CertificateGenerator.createSelfSigned({
    serialNumber: newSerial(),
    name: subject,
    notBefore: new Date(from),
    notAfter: new Date(from + 5 * yearMs),
    keys,
    signingAlgorithm: algorithm,
    extensions,
  });
  return { ...files, certificatePem: `${certificate.toString('pem')}\n` };
}
