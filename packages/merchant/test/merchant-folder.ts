import 'reflect-metadata'; // oxlint-disable-line import/no-unassigned-import -- the certificate library asks for it
import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SubjectAlternativeNameExtension, X509CertificateGenerator } from '@peculiar/x509';

const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };

/** A self-signed certificate for a key pair, in PEM; with `ip`, one for a server there. */
export async function certificateFor(
  key: KeyObject,
  {
    serialNumber = '01',
    days = 365,
    notBefore = new Date(Date.now() - 86_400_000),
    ip,
  }: { serialNumber?: string; days?: number; notBefore?: Date; ip?: string } = {},
): Promise<string> {
  const der = key.export({ type: 'pkcs8', format: 'der' });
  const privateKey = await crypto.subtle.importKey('pkcs8', der, algorithm, true, ['sign']);
  const { n, e } = key.export({ format: 'jwk' });
  const publicKey = await crypto.subtle.importKey('jwk', { kty: 'RSA', n: n!, e: e! }, algorithm, true, ['verify']);
  const certificate = await X509CertificateGenerator.createSelfSigned({
    serialNumber,
    name: 'CN=test only',
    notBefore,
    notAfter: new Date(notBefore.getTime() + days * 86_400_000),
    signingAlgorithm: algorithm,
    keys: { privateKey, publicKey },
    ...(ip === undefined ? {} : { extensions: [new SubjectAlternativeNameExtension([{ type: 'ip', value: ip }])] }),
  });
  return certificate.toString('pem');
}

export const newKeyPair = () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  return { privatePem: privateKey, publicPem: publicKey, key: createPrivateKey(privateKey) };
};

/** A folder with these files; undefined leaves one away. */
export function folderWith(files: Readonly<Record<string, string | undefined>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'merchant-'));
  for (const [name, content] of Object.entries(files)) {
    if (content !== undefined) writeFileSync(join(folder, name), content);
  }
  return folder;
}
