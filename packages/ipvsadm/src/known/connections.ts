import type { KnownShapes } from '@netdrift/core';

/** Shapes of the lines of connections of real tools. Kept by `UPDATE_GOLDENS=1 npx vitest run test/laws/known-shapes.test.ts`. */
export const CONNECTION_SHAPES: KnownShapes = {
  tokens: [
    'Clock',
    'EngineData',
    'EngineName',
    'HexAddress',
    'HexPort',
    'ListProtocol',
    'Place',
    'ProcProtocol',
    'Seconds',
    'State',
    'title DPrt',
    'title DestIP',
    'title Expires',
    'title FPrt',
    'title FromIP',
    'title IPVS',
    'title PEData',
    'title PEName',
    'title Pro',
    'title State',
    'title TPrt',
    'title ToIP',
    'title connection',
    'title destination',
    'title entries',
    'title expire',
    'title name',
    'title pe',
    'title pe_data',
    'title pro',
    'title source',
    'title state',
    'title virtual',
  ],
  shapes: `AFAAAJAGAGAG DA
AFAAAJAGAGAGACAB DB
AHADAEADAEADAEAJAI EA
AHADAEADAEADAEAJAIACAB EB
APAWAY A
ASAOANAVAUALAKATAMARAQ C
AdAZAfAeAgAX BA
AdAZAfAeAgAXAbAaAc BB`,
};
