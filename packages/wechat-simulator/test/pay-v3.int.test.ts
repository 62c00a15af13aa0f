import { openDesk } from './pay-v3/desk.ts';
import { answers } from './pay-v3/answers.ts';
import { bills } from './pay-v3/bills.ts';
import { orders } from './pay-v3/orders.ts';
import { refundsOfOrders } from './pay-v3/refunds.ts';
import { refusals } from './pay-v3/refusals.ts';
import { wholeLife } from './pay-v3/whole.ts';

// API v3 as its merchant sees it, room by room. One merchant serves all: making one is four RSA keys.
openDesk();
wholeLife();
orders();
refusals();
refundsOfOrders();
bills();
answers();
