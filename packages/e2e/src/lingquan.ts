import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const bin = fileURLToPath(new URL('../../cli/src/bin.ts', import.meta.url));

export type CommandResult = { exitCode: number; stdout: string; stderr: string };

/** Runs the command line tool as a person would, in a process of its own. */
export const lingquan = (env: Record<string, string>, ...words: string[]): Promise<CommandResult> =>
  new Promise((resolve) => {
    execFile(
      process.execPath,
      [bin, ...words],
      { env: { PATH: process.env['PATH'], ...env }, maxBuffer: 64 * 1024 * 1024 },
      (error, stdout, stderr) =>
        resolve({ exitCode: error === null ? 0 : typeof error.code === 'number' ? error.code : -1, stdout, stderr }),
    );
  });

/** Makes a campaign and returns its id. Throws with the tool's own words when it could not. */
export async function createCampaign(
  env: Record<string, string>,
  { keyword = '优惠券', stock = 100, limit = 1, appid = undefined as string | undefined } = {},
): Promise<string> {
  const flags = [
    ...(appid === undefined ? [] : ['--appid', appid]),
    '--name',
    '春日券',
    '--kind',
    'amount',
    '--value-fen',
    '500',
    '--json',
  ];
  const made = await lingquan(
    env,
    'campaign',
    'create',
    '--keyword',
    keyword,
    '--stock',
    String(stock),
    '--limit',
    String(limit),
    ...flags,
  );
  if (made.exitCode !== 0) throw new Error(`campaign create: ${made.stderr}${made.stdout}`);
  return (JSON.parse(made.stdout) as { campaignId: string }).campaignId;
}
