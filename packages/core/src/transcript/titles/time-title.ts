import { timeIn } from './time.ts';

/** What `date` and loops print, perhaps between signs: `Thu Nov 17 10:03:18 CET 2016`, `=== 2016-11-17 10:03:18 ===` */
const ALONE =
  /^[=#*> -]{0,20}(?:[A-Z][a-z]{2},? +(?:[A-Z][a-z]{2} +\d{1,2}|\d{1,2} +[A-Z][a-z]{2}(?: +\d{4})?),? +\d{1,2}:\d\d:\d\d(?: +[AP]M)?(?: +[A-Z+-][\w+:-]{0,6})?(?: +\d{4})?|\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d(?::\d\d)?(?:[.,]\d+)?(?: ?(?:Z|[A-Z]{3,4}|[+-]\d\d:?\d\d))?)[:=#* -]{0,20}$/;

/** The time that a line alone tells; `undefined` for any other line. */
export function timeAlone(line: string): string | undefined {
  const text = line.trim();
  return ALONE.test(text) ? timeIn(text) : undefined;
}
