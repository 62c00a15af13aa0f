import { table, yuan } from '../table.ts';
import type { Given, WhatIf } from './claims.ts';

/** What would have been beside what was. */
export function whatIfText(
  { before, after, gained, lost, examples }: WhatIf,
  followersFile: string | undefined,
): string {
  const row = (name: string, pick: (given: Given) => number | string): (number | string)[] => [
    name,
    pick(before),
    pick(after),
  ];
  return [
    table(
      ['', '当时 as it was', '假如 what if'],
      [
        row('券 coupons', ({ coupons }) => coupons),
        row('粉丝 followers', ({ followers }) => followers),
        row('拒绝 refusals', ({ refusals }) => refusals),
        row('费用上限 cost at most', cost),
      ],
    ),
    `多领的粉丝 followers who gain: ${gained}；少领的 who lose: ${lost}`,
    ...examples.gained.map((line) => `  + ${line}`),
    ...examples.lost.map((line) => `  − ${line}`),
    ...(followersFile === undefined
      ? gained + lost > 0
        ? ['名单 the whole list: --followers FILE']
        : []
      : [`名单 the whole list: ${followersFile}`]),
  ].join('\n');
}

const cost = ({ costFen, withoutCap }: Given): string =>
  withoutCap === 0 ? yuan(costFen) : `${yuan(costFen)} + ${withoutCap} 张无上限 without a cap`;
