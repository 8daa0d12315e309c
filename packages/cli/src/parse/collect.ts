import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/**
 * Keeps a long stream small: what it makes dies young, and V8 would let it pile up as long as the machine has memory. Call the result now
 * and then; a collection takes some 20 ms.
 */
export function collector(): () => void {
  // No room for more and more records, and none of them among what lives long.
  setFlagsFromString('--semi-space-growth-factor=1');
  setFlagsFromString('--no-allocation-site-pretenuring');
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  return () => {
    if (typeof collect === 'function') collect();
  };
}
