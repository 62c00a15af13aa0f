import { openDesk } from './notices/desk.ts';
import { kafkaAway } from './notices/away.ts';
import { publishedEvents } from './notices/events.ts';
import { keysOfNotices } from './notices/keys.ts';
import { refusedNotices } from './notices/refusals.ts';
import { noticesOfV2 } from './notices/v2.ts';
import { referenceVectors } from './notices/vectors.ts';

// WeChat Pay's notices, room by room. One system serves all: opening it costs more than most of their tests.
openDesk();
referenceVectors();
publishedEvents();
refusedNotices();
noticesOfV2();
keysOfNotices();
kafkaAway();
