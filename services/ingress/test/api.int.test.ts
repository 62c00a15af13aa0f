import { dependenciesAway } from './api/away.ts';
import { couponsAndQuotes } from './api/coupons.ts';
import { openDesk } from './api/desk.ts';
import { theDoor } from './api/door.ts';
import { loggingIn } from './api/login.ts';
import { hostileOrders } from './api/order-requests.ts';
import { orderLife } from './api/orders.ts';
import { refunds } from './api/refunds.ts';

// What shoppers ask for, room by room. One system serves all: opening it costs more than most of their tests.
openDesk();
loggingIn();
couponsAndQuotes();
hostileOrders();
orderLife();
refunds();
theDoor();
dependenciesAway();
