/** `-j LOG`; `flags` as bits: 1 tcp-sequence, 2 tcp-options, 4 ip-options, 8 uid, 32 macdecode. */
export interface LogTarget {
  readonly kind: 'LogTarget';
  readonly name: 'LOG';
  readonly flags: number;
  readonly level: number;
  readonly prefix?: string;
}
