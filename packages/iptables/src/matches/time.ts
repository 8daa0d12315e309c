import type { Codec } from '../codec.ts';
import type { MatchExtension } from '../extension.ts';
import { bare, joinOptions, joinShown, listedRow, readItem, savedRow, shown, type Row } from '../row.ts';
import { noteSpelling } from '../rule/rule-line.ts';
import { DATE, DAYTIME, MONTH_DAYS, ordinal, WEEKDAYS } from '../fields/time-values.ts';

/** `-m time`. Times of day as `HH:MM:SS`, dates as `YYYY-MM-DDTHH:MM:SS`, all UTC unless `kernelTimezone`. */
export interface TimeMatch {
  readonly kind: 'TimeMatch';
  readonly start?: string;
  readonly stop?: string;
  /** `Mon` to `Sun`, in their order; missing: every day. */
  readonly weekdays?: readonly string[];
  /** Days of the month, 1-31; missing: every day. */
  readonly monthDays?: readonly number[];
  readonly from?: string;
  readonly until?: string;
  readonly kernelTimezone?: true;
  readonly contiguous?: true;
}

/** The last second 32 bits count: what a save form prints where no date ends the match. */
const NEVER = '2038-01-19T03:14:07';

type Days = Pick<TimeMatch, 'weekdays' | 'monthDays'>;

/** `on Mon,Fri` or `on 1st,2nd`. */
const ON: Pick<Codec<Days>, 'expected' | 'decode'> = {
  expected: 'days of the week or of the month',
  decode(text) {
    const weekdays = WEEKDAYS.decode(text);
    if (weekdays !== undefined) return { weekdays };
    const monthDays = MONTH_DAYS.decode(text);
    return monthDays === undefined ? undefined : { monthDays };
  },
};

function listed(row: Row): TimeMatch {
  const days: Days = Object.assign({}, ...row.items.filter(({ word }) => word === 'on').map((item) => readItem(row.line, item, ON)));
  return shown<TimeMatch>({
    kind: 'TimeMatch',
    start: row.read('from', DAYTIME),
    stop: row.read('to', DAYTIME),
    weekdays: days.weekdays,
    monthDays: days.monthDays,
    from: row.read('starting from', DATE),
    until: row.read('until date', DATE),
    kernelTimezone: row.has('UTC') ? undefined : true,
    contiguous: row.flag('contiguous'),
  });
}

function saved(row: Row): TimeMatch {
  const start = row.read('--timestart', DAYTIME);
  const stop = row.read('--timestop', DAYTIME);
  const weekdays = row.read('--weekdays', WEEKDAYS);
  const monthDays = row.read('--monthdays', MONTH_DAYS);
  const until = row.read('--datestop', DATE);
  if (until === NEVER) noteSpelling(row.line, 'time-datestop');
  return shown<TimeMatch>({
    kind: 'TimeMatch',
    start: start ?? (stop === undefined ? undefined : '00:00:00'),
    stop: stop ?? (start === undefined ? undefined : '23:59:59'),
    weekdays: row.not('--weekdays') && weekdays !== undefined ? WEEKDAYS.without(weekdays) : weekdays,
    monthDays: row.not('--monthdays') && monthDays !== undefined ? MONTH_DAYS.without(monthDays) : monthDays,
    from: row.read('--datestart', DATE),
    until: until === NEVER ? undefined : until,
    kernelTimezone: row.flag('--kerneltz'),
    contiguous: row.flag('--contiguous'),
  });
}

/** `-m time`; a list of days given with a sign is printed as the other days. */
export const timeMatch: MatchExtension<TimeMatch> = {
  type: 'match',
  name: 'time',
  kind: 'TimeMatch',
  listing: listedRow(
    [bare('TIME')],
    [
      { word: 'from', takes: 1 },
      { word: 'to', takes: 1 },
      { word: 'on', takes: 1 },
      { word: 'starting from', takes: 2 },
      { word: 'until date', takes: 2 },
      bare('UTC'),
      bare('contiguous'),
    ],
    listed,
  ),
  print: ({ start, stop, weekdays, monthDays, from, until, kernelTimezone, contiguous }) =>
    joinShown(
      'TIME',
      start && `from ${start}`,
      stop && `to ${stop}`,
      weekdays && `on ${weekdays.join(',')}`,
      monthDays && `on ${monthDays.map(ordinal).join(',')}`,
      from && `starting from ${from.replace('T', ' ')}`,
      until && `until date ${until.replace('T', ' ')}`,
      kernelTimezone !== true && 'UTC',
      contiguous && 'contiguous',
    ),
  save: savedRow(
    [
      '--timestart',
      '--timestop',
      '--monthdays',
      '--weekdays',
      '--datestart',
      '--datestop',
      bare('--kerneltz'),
      bare('--utc'),
      bare('--contiguous'),
    ],
    saved,
  ),
  printSave({ start, stop, weekdays, monthDays, from, until, kernelTimezone, contiguous }, { spells }) {
    const last = until ?? (spells('time-datestop') ? NEVER : undefined);
    return joinOptions(
      start && `--timestart ${start}`,
      stop && `--timestop ${stop}`,
      monthDays && `--monthdays ${monthDays.join(',')}`,
      weekdays && `--weekdays ${weekdays.join(',')}`,
      from && `--datestart ${from}`,
      last && `--datestop ${last}`,
      kernelTimezone && '--kerneltz',
      contiguous && '--contiguous',
    );
  },
  samples: [
    'TIME from 22:00:00 to 06:00:00 on Mon,Fri UTC contiguous',
    'TIME on 1st,2nd,11st starting from 2024-01-01 00:00:00 until date 2024-12-31 12:00:00',
  ],
};
