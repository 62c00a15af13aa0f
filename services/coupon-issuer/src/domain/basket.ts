/** One line of an order; money is fen. */
export type BasketLine = { sku: string; name: string; category: string; unitPriceFen: number; quantity: number };

/** What somebody is about to pay for. `amountFen` is for tills that know only the sum: lines win, 0 is not known. */
export type Basket = { lines: BasketLine[]; shop: string; amountFen: number };

/** Bounds that the edge holds every basket to, so that sums of prices are exact in a number: 500 lines of 10^12 fen. */
export const LINES_MAX = 500;
export const LINE_FEN_MAX = 1_000_000_000_000;

export const priceOf = ({ unitPriceFen, quantity }: BasketLine): number => unitPriceFen * quantity;
