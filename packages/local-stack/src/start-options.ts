import { AppError } from '@lingquan/errors';

export type StartOptions = { simulator: boolean; detach: boolean; install: boolean; help: boolean };

export const startUsage = `用法 usage: npm start -- [选项 options]
  --detach        就绪后返回，用 npm run stop 停止  return when ready; npm run stop stops it
  --no-simulator  不启动微信模拟器（需要真实账号的设置）  without the WeChat simulator (needs a real account's settings)
  --no-install    不安装系统软件  install no system packages
  --help
环境 environment: LOCAL_DIR, INGRESS_PORT, …（.env.example）`;

/** Reads the words behind `npm start --`. Throws `invalid` for one that is not known. */
export function parseStartArguments(args: readonly string[]): StartOptions {
  const known = ['--detach', '--no-simulator', '--no-install', '--help'];
  const unknown = args.filter((arg) => !known.includes(arg));
  if (unknown.length > 0) throw new AppError('invalid', `不认识 unknown: ${unknown.join(' ')}\n${startUsage}`);
  return {
    simulator: !args.includes('--no-simulator'),
    detach: args.includes('--detach'),
    install: !args.includes('--no-install'),
    help: args.includes('--help'),
  };
}
