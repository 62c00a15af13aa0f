import type { Goods } from '../../domain/goods.ts';
import type { ApiRoute } from './call.ts';
import { ok } from './call.ts';

/** `GET /api/goods` → `{items: [{sku, name, category, priceFen}]}`: what is on sale, for anyone. */
export const goodsRoute = (goods: Goods): ApiRoute => ({
  method: 'GET',
  path: '/api/goods',
  access: 'anyone',
  handle: () => ok({ items: goods.items }),
});
