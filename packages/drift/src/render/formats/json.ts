import { displayJson } from '@netdrift/core';
import type { Renderer } from '../renderer.ts';

/** The report itself, in the form that the schemas of the package `netdrift` describe. */
export const JSON_DOCUMENT: Renderer = {
  name: 'json',
  about: 'one document, for programs',
  mediaType: 'application/json',
  explains: true,
  render: (report) => `${displayJson(report, 2)}\n`,
};
