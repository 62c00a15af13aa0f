import type { Log } from '@lingquan/log';
import kafkajs from 'kafkajs';
import type { logCreator } from 'kafkajs';

const { logLevel } = kafkajs;

/**
 * kafkajs reports as an error what it then retries (a coordinator loading, a leader moving, a connection it opens again).
 * Those go to debug; what it gives up on reaches the caller as a thrown error and is logged where that stops.
 */
export const logToOurs =
  (log: Log): logCreator =>
  () =>
  ({ level, log: { message, ...fields } }) => {
    const detail = { kafkajs: { broker: fields['broker'], error: fields['error'], groupId: fields['groupId'] } };
    if (level === logLevel.ERROR && message.startsWith('Crash')) log.warn(detail, message);
    else if (message.includes('offset out of range')) log.error(detail, message);
    else log.debug(detail, message);
  };
