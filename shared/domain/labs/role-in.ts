import type { RoleMark } from './role-mark';

/** The role that a machine plays in a lab; null: none. Apart from the schema, for the page starts with this. */
export function roleIn(lab: string, { labRoles }: { labRoles: readonly RoleMark[] }): RoleMark | null {
  return labRoles.find((mark) => mark.lab === lab) ?? null;
}
