import { type AnyReport, type RenderOptions, rendererOf } from '@netdrift/drift';
import { VERSION } from '../version.ts';
import { type ColorChoice, colorsOutput } from './color.ts';

/** What the user says of how a report is told. */
interface Told {
  readonly format: string;
  readonly color: ColorChoice;
  /** Missing where nothing can fail. */
  readonly failOn?: NonNullable<RenderOptions['failOn']>;
}

/** A report in the format that the user asked for. */
export function render(report: AnyReport, { format, color, failOn }: Told, folders: NonNullable<RenderOptions['folders']> = {}): string {
  const renderer = rendererOf(format);
  if (renderer === undefined) throw new Error(`no renderer is called ${format}`);
  return renderer.render(report, { color: colorsOutput(color), version: VERSION, ...(failOn === undefined ? {} : { failOn }), folders });
}
