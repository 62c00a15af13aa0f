import { randomBytes, randomInt } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '@lingquan/errors';
import { newCertificate, newKey } from './pay/certificates.ts';
import { openidFor } from './state/ids.ts';

/** Where the two sides of WeChat Pay keep their files. */
export interface MerchantFolders {
  /** What a merchant has: for `WECHAT_PAY_DIR`. */
  readonly merchantDir: string;
  /** What only the platform has: for the simulator's `WECHAT_PAY_PLATFORM_DIR`. */
  readonly platformDir: string;
}

export interface MerchantOf {
  readonly appid: string;
  /** Somebody under that appid who can pay; the account's first follower when left out. */
  readonly openid?: string;
}

/** The openid of the first person an account of the simulator starts with. */
export const firstFollowerOf = (appid: string): string => openidFor(appid, '0');

/**
 * Makes a merchant of the simulated WeChat Pay once, in `<dir>/wechat-pay` and `<dir>/wechat-pay-platform`, and keeps it: a later call
 * changes nothing but the appid and openid in merchant.json. Several processes may be first at once: one wins, whole, and all go on with
 * what it made. The names in the folders are WeChat Pay's own (client libraries 4). Throws `invalid` when one folder has lost the other.
 */
export async function keptMerchant(
  dir: string,
  { appid, openid = firstFollowerOf(appid) }: MerchantOf,
): Promise<MerchantFolders> {
  const merchantDir = join(dir, 'wechat-pay');
  const platformDir = join(dir, 'wechat-pay-platform');
  if (!(await exists(platformDir))) await makeBoth(dir, platformDir, { appid, openid });
  // The merchant's folder is born inside the platform's, so that both appear with one rename, and then moves out. Whoever comes next
  // does that, if the process that made them was killed in between.
  const born = join(platformDir, 'merchant');
  await renameFirst(born, merchantDir);
  if (!(await exists(merchantDir)) || (await exists(born)))
    throw new AppError(
      'invalid',
      `${merchantDir} and ${platformDir} do not belong together: remove both to have new ones`,
    );
  await keepIdentity(merchantDir, { appid, openid });
  return { merchantDir, platformDir };
}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

/** Renames a folder, unless somebody else has done it already or there is one of the new name. */
async function renameFirst(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (error) {
    if (!['ENOENT', 'ENOTEMPTY', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}

const secret = { mode: 0o600 };
const digits = (count: number): string => Array.from({ length: count }, () => randomInt(10)).join('');
const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const word = (length: number): string => Array.from({ length }, () => letters[randomInt(62)]).join('');

async function makeBoth(dir: string, platformDir: string, { appid, openid }: Required<MerchantOf>): Promise<void> {
  await mkdir(dir, { recursive: true });
  const made = await mkdtemp(`${platformDir}.`);
  try {
    const from = Date.now() - 3_600_000; // an hour ago: a clock that is a little behind must not find them not yet valid
    const mchid = `1${digits(9)}`;
    const [merchant, platform, server, wechatPay] = await Promise.all([
      newCertificate({ subject: `CN=${mchid}, OU=Simulated merchant, O=Lingquan, C=CN`, from, usage: 'client' }),
      newCertificate({ subject: 'CN=Tenpay.com sign (simulated), OU=Tenpay.com CA Center, O=Tenpay.com, C=CN', from }),
      newCertificate({
        subject: 'CN=api.mch.weixin.qq.com (simulated), O=Lingquan, C=CN',
        from,
        usage: 'server',
        names: [
          { type: 'ip', value: '127.0.0.1' },
          { type: 'dns', value: 'localhost' },
          { type: 'dns', value: 'api.mch.weixin.qq.com' },
        ],
      }),
      newKey(),
    ]);
    const born = join(made, 'merchant');
    await mkdir(born);
    await Promise.all([
      writeFile(join(born, 'merchant.json'), identity({ appid, mchid, openid })),
      writeFile(join(born, 'apiclient_key.pem'), merchant.keyPem, secret),
      writeFile(join(born, 'apiclient_cert.pem'), merchant.certificatePem),
      writeFile(join(born, 'apiv3_key.txt'), word(32), secret),
      writeFile(join(born, 'apiv2_key.txt'), word(32), secret),
      writeFile(join(born, 'pub_key.pem'), wechatPay.publicKeyPem),
      writeFile(join(born, 'pub_key_id.txt'), `PUB_KEY_ID_0${mchid}${digits(23)}`),
      writeFile(join(born, 'server.pem'), server.certificatePem),
      writeFile(join(made, 'platform_key.pem'), platform.keyPem, secret),
      writeFile(join(made, 'platform_cert.pem'), platform.certificatePem),
      writeFile(join(made, 'pub_key_private.pem'), wechatPay.keyPem, secret),
      writeFile(join(made, 'server_key.pem'), server.keyPem, secret),
    ]);
    await renameFirst(made, platformDir);
  } finally {
    await rm(made, { recursive: true, force: true });
  }
}

interface Identity {
  readonly appid: string;
  readonly mchid: string;
  readonly openid: string;
}

const identity = ({ appid, mchid, openid }: Identity): string =>
  `${JSON.stringify({ appid, mchid, openid }, null, 2)}\n`;

/** The account may be another one than at the first start: its appid and follower replace those in merchant.json; the mchid stays. */
async function keepIdentity(merchantDir: string, wanted: Required<MerchantOf>): Promise<void> {
  const path = join(merchantDir, 'merchant.json');
  const now = JSON.parse(await readFile(path, 'utf8')) as Identity;
  if (now.appid === wanted.appid && now.openid === wanted.openid) return;
  const written = `${path}.${randomBytes(6).toString('hex')}`;
  await writeFile(written, identity({ ...now, ...wanted }));
  await rename(written, path);
}
