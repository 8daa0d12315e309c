import type { CheckReport } from '../../check/check.ts';
import { leftOutText } from '../../read/moments/earlier-moments.ts';

/** Partial inputs that are named one by one. */
const NAMED = 5;

/** What else a report on one snapshot says, in sentences without their full stops. */
export function checkNotes(report: CheckReport): string[] {
  return [
    ...(report.outlook === undefined ? [] : [report.outlook]),
    ...partialNotes(report),
    ...(report.leftOut === undefined ? [] : [leftOutText(report.leftOut)]),
  ];
}

/** Inputs that do not show all there was, each told once. */
function partialNotes({ inputs }: CheckReport): string[] {
  const partial = inputs
    .filter(({ completeness }) => completeness === 'partial')
    .map(
      ({ source, part, reason }) =>
        `${part} of ${source} is partial (${reason ?? 'lines are missing'}): nothing is said of what it does not show`,
    );
  const different = [...new Set(partial)];
  const told = different.slice(0, NAMED);
  return different.length > told.length ? [...told, `${different.length - told.length} more inputs are partial`] : told;
}
