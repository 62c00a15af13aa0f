/** More of one thing is a typing error. */
const quantityMax = 99;

/** A cart is a map of sku → quantity. This is the cart with `by` more, or less, of one thing. */
export function changed(cart, sku, by) {
  const quantity = Math.min(Math.max((cart.get(sku) ?? 0) + by, 0), quantityMax);
  const next = new Map(cart);
  if (quantity === 0) next.delete(sku);
  else next.set(sku, quantity);
  return next;
}

/** The cart as the shop is asked about it. */
export const linesOf = (cart) => [...cart].map(([sku, quantity]) => ({ sku, quantity }));

/** The cart with what the shop's list says of each line; what the list no longer has is left out. */
export const filled = (cart, goods) =>
  [...cart].flatMap(([sku, quantity]) => {
    const good = goods.find((one) => one.sku === sku);
    return good === undefined ? [] : [{ ...good, quantity }];
  });

export const countOf = (lines) => lines.reduce((sum, { quantity }) => sum + quantity, 0);
export const totalFenOf = (lines) => lines.reduce((sum, { priceFen, quantity }) => sum + priceFen * quantity, 0);
