import { z } from 'zod';

/**
 * The same shape as people write it: a key that is not known is an error, and what has a plain answer may be left out: null, no, none.
 * Made of the schemas that forms use, so that whatever a form can say, a lab file can, too.
 */
export function closed<T extends z.ZodType>(schema: T): z.ZodType<z.output<T>> {
  return shut(schema) as z.ZodType<z.output<T>>;
}

function shut(schema: z.core.$ZodType): z.core.$ZodType {
  if (schema instanceof z.ZodObject) {
    const shape = Object.fromEntries(Object.entries<z.core.$ZodType>(schema.shape).map(([key, value]) => [key, optional(shut(value))]));
    return z.core.clone(schema, { ...schema.def, shape, catchall: z.never() });
  }
  if (schema instanceof z.ZodArray) return z.core.clone(schema, { ...schema.def, element: shut(schema.element) });
  if (schema instanceof z.ZodNullable) return z.core.clone(schema, { ...schema.def, innerType: shut(schema.def.innerType) });
  if (schema instanceof z.ZodUnion) return z.core.clone(schema, { ...schema.def, options: schema.def.options.map(shut) });
  return schema;
}

function optional(schema: z.core.$ZodType): z.core.$ZodType {
  if (schema instanceof z.ZodNullable) return schema.default(null);
  if (schema instanceof z.ZodBoolean) return schema.default(false);
  if (schema instanceof z.ZodArray && schema.safeParse([]).success) return schema.default([]);
  if (schema instanceof z.ZodObject && schema.safeParse({}).success) return schema.prefault({});
  return schema;
}
