/** `-m statistic`: by chance (`random`, `probability` as printed to 11 decimals) or every n-th packet (`nth`). */
export type StatisticMatch =
  | {
      readonly kind: 'StatisticMatch';
      readonly mode: 'random';
      readonly not: boolean;
      readonly probability: number;
    }
  | {
      readonly kind: 'StatisticMatch';
      readonly mode: 'nth';
      readonly not: boolean;
      readonly every: number;
      readonly packet: number;
    };
