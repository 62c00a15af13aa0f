import { AppError } from '@lingquan/errors';

/** Resolves as `work` does, or rejects with `unavailable` after `ms`: what is not confirmed in time is not promised. */
export async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new AppError('unavailable', 'kafka did not confirm in time')), ms);
  });
  try {
    return await Promise.race([work, over]);
  } finally {
    clearTimeout(timer);
  }
}
