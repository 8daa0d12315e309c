/** `-m limit`: an average rate, and the number of packets let through before it counts. */
export interface LimitMatch {
  readonly kind: 'LimitMatch';
  readonly rate: number;
  readonly unit: 'sec' | 'min' | 'hour' | 'day';
  readonly burst: number;
}
