import type { World } from '../../state/world.ts';
import type { Keys } from './keys.ts';
import type { BookFile } from './book-file.ts';
import { type Book, type BookListener, createBook, shownOrder, shownRefund } from './book.ts';
import { type Nonces, createNonces } from './nonces.ts';
import { type BillShelf, createBillShelf } from './bills.ts';
import { type PaySettings, defaultSettings } from './settings.ts';

/** All WeChat Pay knows, beside the world of the accounts. */
export interface Pay {
  readonly world: World;
  readonly keys: Keys;
  readonly book: Book;
  readonly nonces: Nonces;
  readonly bills: BillShelf;
  settings: PaySettings;
}

/** `file` is where the book is kept over restarts; undefined: it is gone with the process. */
export function createPay(world: World, keys: Keys, file: BookFile | undefined): Pay {
  const { mchid } = keys.merchant;
  const listener: BookListener = {
    order(order) {
      file?.order(order);
      const shown = shownOrder(order, book.refundsOf(order.outTradeNo), mchid, world.clock.now());
      world.feed.publish('pay', { kind: 'order', order: shown });
    },
    refund(refund) {
      file?.refund(refund);
      world.feed.publish('pay', { kind: 'refund', refund: shownRefund(refund) });
    },
  };
  const book = createBook(listener, file);
  return { world, keys, book, nonces: createNonces(), bills: createBillShelf(), settings: defaultSettings };
}
