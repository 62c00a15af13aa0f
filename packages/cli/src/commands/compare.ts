import { AppError } from '@lingquan/errors';
import { connectKafka } from '@lingquan/kafka';
import { openRecording } from '@lingquan/recording';
import type { Command } from 'commander';
import { compareSources } from '../compare/compare-sources.ts';
import { kafkaSource, recordingSource } from '../compare/source.ts';
import type { Source } from '../compare/source.ts';
import { leaf } from '../leaf.ts';
import { isolatedPrefix, systemName } from '../replay/isolated.ts';
import { findSystem, quietLog } from '../system.ts';
import type { Terminal } from '../terminal.ts';

type Flags = { system?: string; differences?: string; json: boolean };

/** `compare`: two outcomes, by digest and by difference. */
export const compare = (terminal: Terminal): Command =>
  leaf({
    usage: 'compare <a> [b]',
    description:
      '比较两次结果：领取、券码、拒绝、事件、死信、延迟；哪个主题一方没录就不比。不同则退出码 1 · compare two outcomes: claims, codes, refusals, events, dead letters, latency. A topic that one was recorded without is not compared. Exit code 1 when they differ',
    examples: [
      'lingquan compare friday.lqrec friday.lqrec.outcome      # 录制与重放 a recording and its replay',
      'lingquan compare friday.lqrec                           # 与正在运行的系统 with the running system',
      'lingquan compare friday.lqrec --system trial            # 与 replay --free --keep 的系统 with the one a replay kept',
    ],
  })
    .option(
      '--system <name>',
      'replay --free --keep 留下的隔离系统 · the isolated system that replay --free --keep left',
      systemName,
    )
    .option('--differences <file>', '把所有不同写入文件，一行一个 · write every difference to a file, one a line')
    .action(async (a: string, b: string | undefined, { system, differences, json }: Flags) => {
      if (b !== undefined && system !== undefined)
        throw new AppError('invalid', 'B 和 --system 只能选一个 · choose one of B and --system');
      await using opened = new AsyncDisposableStack();
      const recorded = async (file: string): Promise<Source> => recordingSource(opened.use(await openRecording(file)));
      const running = (): Source => {
        const { kafkaBrokers: brokers, topicPrefix: own } = findSystem(terminal.env);
        const topicPrefix = system === undefined ? own : isolatedPrefix(system);
        const kafka = connectKafka({ brokers, clientId: 'lingquan', log: quietLog(), topicPrefix });
        opened.defer(() => kafka.close());
        return kafkaSource(kafka, system ?? `kafka ${brokers.join(',')} ${topicPrefix}`.trim());
      };
      const sides = [await recorded(a), b === undefined ? running() : await recorded(b)] as const;
      const same = await compareSources(terminal, ...sides, { json, differencesFile: differences });
      if (!same) throw new AppError('conflict', '两次结果不同，见上 the outcomes differ, see above');
    });
