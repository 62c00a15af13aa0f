import { Command } from 'commander';

export type LeafText = {
  /** Name and arguments, as commander writes them: `stock <campaign> [change]`. */
  usage: string;
  /** Chinese first, English behind it. */
  description: string;
  examples: string[];
};

/** A command that does something: described, with `--json` and examples in its help. */
export function leaf({ usage, description, examples }: LeafText): Command {
  const [name = '', ...args] = usage.split(' ');
  const command = new Command(name).description(description);
  for (const arg of args) command.argument(arg);
  command.option('--json', '只输出一行 JSON · print one line of JSON', false);
  return command.addHelpText('after', `\n例 Examples:\n${examples.map((example) => `  ${example}\n`).join('')}`);
}
