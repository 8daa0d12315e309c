/** `-m recent`: looks an address up in a named list of recently seen addresses, or enters it there. */
export interface RecentMatch {
  readonly kind: 'RecentMatch';
  readonly not: boolean;
  readonly action: 'set' | 'check' | 'update' | 'remove';
  readonly seconds?: number;
  readonly reap?: true;
  readonly hitCount?: number;
  readonly ttl?: true;
  readonly name: string;
  readonly side: 'source' | 'destination';
  readonly mask?: string;
}
