import type { Command } from 'commander';
import { leaf } from '../leaf.ts';
import { wholeNumber } from '../numbers.ts';
import { findSystem } from '../system.ts';
import type { Terminal } from '../terminal.ts';
import { readerHeaders } from '../webhook/client.ts';
import { eventLine } from '../webhook/event-line.ts';
import { follow } from '../webhook/follow.ts';
import { warnOfUnknown } from '../webhook/types.ts';

type Flags = {
  type?: string[];
  campaign?: string;
  openid?: string;
  code?: string;
  order?: string;
  from?: string;
  lastEventId?: string;
  count?: number;
  json: boolean;
};

/** `events follow`: events as they are written, until Ctrl-C. */
export const eventsFollow = (terminal: Terminal): Command =>
  leaf({
    usage: 'follow',
    description:
      '实时显示券和支付事件；断了自己接上 · events as they are written; goes on by itself where it broke off',
    examples: [
      'lingquan events follow',
      'lingquan events follow --type coupon.claimed coupon.redeemed --campaign C --from beginning',
      'lingquan events follow --last-event-id 4711 --json',
    ],
  })
    .option('--type <type...>', '只要这些事件 · only these types')
    .option('--campaign <id>', '只要这个活动 · only this campaign')
    .option('--openid <openid>', '只要这个用户（要 personal 角色）· only this follower (role personal)')
    .option('--code <code>', '只要这张券 · only this coupon')
    .option('--order <order>', '只要这个订单 · only this order')
    .option('--from <when>', 'beginning、now（默认）或时刻 · beginning, now (the default) or an instant')
    .option('--last-event-id <id>', '从这里接着读 · go on behind this one')
    .option('--count <n>', '收到几条后结束 · end after so many', wholeNumber(1))
    .action(async (flags: Flags) => {
      const { type, json, count = Infinity, lastEventId, ...filter } = flags;
      const url = new URL(`${findSystem(terminal.env).claimLogUrl}/events/stream`);
      for (const [name, value] of Object.entries({ ...filter, type: type?.join(',') }))
        if (value !== undefined) url.searchParams.set(name, value);
      warnOfUnknown(terminal, type);
      let last = lastEventId;
      let seen = 0;
      const onAgain = () => terminal.err('… 断开，正在重连 the stream broke off; connecting again\n');
      const stopped = terminal.interruption();
      for await (const { id, data } of follow({
        url,
        headers: readerHeaders(terminal.env),
        lastEventId,
        stopped,
        onAgain,
      })) {
        terminal.out(`${json ? data : eventLine(data)}\n`);
        last = id;
        if (++seen >= count) break;
      }
      if (last !== undefined) terminal.err(`接着读 to go on: --last-event-id ${last}\n`);
    });
