import { type KeyObject, createPrivateKey, generateKeyPairSync, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError, messageOf } from '@lingquan/errors';
import {
  type KeyRing,
  type PlatformCertificate,
  isPublicKeyId,
  keyRing,
  readCertificate,
  sameSerialForm,
} from '@lingquan/wechat-pay';
import { z } from 'zod';
import { newCertificate } from '../certificates.ts';

/** What signs for the platform: a platform certificate's key or the WeChat Pay public key's. */
export interface Signer {
  readonly serial: string;
  readonly privateKey: KeyObject;
}

/** Who the merchant is, as the platform knows it. */
export interface Merchant {
  readonly mchid: string;
  readonly appid: string;
  readonly openid: string;
  /** By the serial of the merchant's certificate. */
  readonly keys: KeyRing;
  readonly publicKey: KeyObject;
  readonly certificatePem: string;
  readonly apiV3Key: string;
  readonly apiV2Key: string;
}

export interface Keys {
  readonly merchant: Merchant;
  readonly publicKeyId: string;
  readonly tls: { readonly key: string; readonly cert: string };
  /** What answers are signed with: the key that is asked for, the signing platform certificate where none, or an unknown one, is. */
  signerFor(wantedSerial: string): Signer;
  /** One in `publicKeyPercent` of a hundred with the public key, the others with a certificate; null: as `signerFor`. */
  noticeSigner(wantedSerial: string, publicKeyPercent: number | null): Signer;
  /** The private key behind a serial of the platform's, for fields encrypted with it. */
  privateKey(serial: string): KeyObject | undefined;
  /** Published, oldest first. */
  certificates(): readonly (PlatformCertificate & { readonly signing: boolean })[];
  /** A new certificate that does not sign yet; its serial. */
  publish(now: number): Promise<string>;
  /** The newest, or the named one, signs from now on. Throws `not_found`. */
  switchTo(serialNo: string | undefined): void;
  /** Throws `not_found`, or `conflict` for the one that signs. */
  withdraw(serialNo: string): void;
}

const identity = z.object({
  appid: z.string().min(1),
  mchid: z.string().regex(/^\d{8,10}$/),
  openid: z.string().default(''),
});

interface Certified extends PlatformCertificate {
  readonly privateKey: KeyObject;
}

export const platformSubject = 'CN=Tenpay.com sign (simulated), OU=Tenpay.com CA Center, O=Tenpay.com, C=CN';

/** Reads the files of both sides, as `keptMerchant` wrote them. Throws `invalid` when one is missing or broken, naming it. */
export async function readKeys(merchantDir: string, platformDir: string): Promise<Keys> {
  const from = (dir: string) => async (name: string) => {
    try {
      return await readFile(join(dir, name), 'utf8');
    } catch (cause) {
      throw new AppError('invalid', `The merchant's file ${join(dir, name)} cannot be read`, { cause });
    }
  };
  const [merchantFile, platformFile] = [from(merchantDir), from(platformDir)];
  try {
    const certificatePem = await merchantFile('apiclient_cert.pem');
    const { serialNumber, publicKey } = new X509Certificate(certificatePem);
    const merchant: Merchant = {
      ...identity.parse(JSON.parse(await merchantFile('merchant.json'))),
      keys: keyRing([[serialNumber, publicKey]]),
      publicKey,
      certificatePem,
      apiV3Key: (await merchantFile('apiv3_key.txt')).trim(),
      apiV2Key: (await merchantFile('apiv2_key.txt')).trim(),
    };
    const first: Certified = {
      ...readCertificate(await platformFile('platform_cert.pem')),
      privateKey: createPrivateKey(await platformFile('platform_key.pem')),
    };
    const publicKeySigner: Signer = {
      serial: (await merchantFile('pub_key_id.txt')).trim(),
      privateKey: createPrivateKey(await platformFile('pub_key_private.pem')),
    };
    const tls = { key: await platformFile('server_key.pem'), cert: await merchantFile('server.pem') };
    return keysOf(merchant, publicKeySigner, first, tls);
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    throw new AppError('invalid', `The merchant's files are broken: ${messageOf(cause)}`, { cause });
  }
}

function keysOf(merchant: Merchant, publicKeySigner: Signer, first: Certified, tls: Keys['tls']): Keys {
  let certificates: Certified[] = [first];
  let signing = first;
  const named = (serialNo: string) =>
    certificates.find((one) => sameSerialForm(one.serialNo) === sameSerialForm(serialNo));
  const signerOf = ({ serialNo, privateKey }: Certified): Signer => ({ serial: serialNo, privateKey });

  const signerFor = (wantedSerial: string): Signer => {
    if (wantedSerial === publicKeySigner.serial) return publicKeySigner;
    return signerOf((isPublicKeyId(wantedSerial) ? undefined : named(wantedSerial)) ?? signing);
  };

  return {
    merchant,
    publicKeyId: publicKeySigner.serial,
    tls,
    signerFor,
    noticeSigner(wantedSerial, publicKeyPercent) {
      // A certificate is named only to say that certificates are wanted: which of them signs is the platform's affair.
      if (publicKeyPercent === null)
        return wantedSerial === publicKeySigner.serial ? publicKeySigner : signerOf(signing);
      return Math.random() * 100 < publicKeyPercent ? publicKeySigner : signerOf(signing);
    },
    privateKey: (serial) => (serial === publicKeySigner.serial ? publicKeySigner : named(serial))?.privateKey,
    certificates: () =>
      certificates.map(({ privateKey: _privateKey, ...one }) => ({
        ...one,
        signing: one.serialNo === signing.serialNo,
      })),
    async publish(now) {
      const { keyPem, certificatePem } = await newCertificate({ subject: platformSubject, from: now - 60_000 });
      const made = { ...readCertificate(certificatePem), privateKey: createPrivateKey(keyPem) };
      certificates = [...certificates, made];
      return made.serialNo;
    },
    switchTo(serialNo) {
      const next = serialNo === undefined ? certificates.at(-1) : named(serialNo);
      if (next === undefined) throw new AppError('not_found', 'No such certificate is published');
      signing = next;
    },
    withdraw(serialNo) {
      const old = named(serialNo);
      if (old === undefined) throw new AppError('not_found', 'No such certificate is published');
      if (old === signing) throw new AppError('conflict', 'This certificate signs: switch to another one first');
      certificates = certificates.filter((one) => one !== old);
    },
  };
}

let stranger: Signer | undefined;

/** A key nobody has published, under a serial nobody knows. */
export function strangerSigner(): Signer {
  stranger ??= {
    serial: '5F'.padEnd(40, '0'),
    privateKey: generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey,
  };
  return stranger;
}
