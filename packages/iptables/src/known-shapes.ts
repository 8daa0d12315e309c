import { MAX_SHAPES, shapeCache, type ShapeCache } from '@netdrift/core';

/**
 * Keeps what a grammar made of the shapes of lines, from one text to the next: what a shape means depends on nothing else,
 * so this changes no result, only that the same shapes are not learned again for every file. When hostile input has filled it,
 * the next text begins with an empty one.
 */
export function knownShapes<T>(): () => ShapeCache<T> {
  let shapes = shapeCache<T>();
  return () => {
    if (shapes.size >= MAX_SHAPES) shapes = shapeCache<T>();
    return shapes;
  };
}
