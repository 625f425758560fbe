// The names of the attributes we store beside a result's fields, and which of them a group of fields needs.
import {
  type FieldGroups,
  type FieldName,
  fieldNames,
  groups,
  headFields,
  includes,
  largeFieldsOf,
  markdownFields,
} from '../../domain/fields.js';

// Made once: a name put together anew costs more to look up in an item than everything else about a field.
const packedNames = Object.fromEntries(fieldNames.map((name) => [name, `${name}_packed`])) as Readonly<
  Record<FieldName, string>
>;

/** Everything small: what tells the version, the times, where the rest is. Read with every lookup. */
const headAttributes: readonly string[] = [
  'success',
  'status_code',
  'redirected_status_code',
  'created_at',
  'updated_at',
  'crawled_at',
  'stored_at',
  'validated_at',
  'ttl',
  'result_ttl',
  'order',
  'write_id',
  'content_hash',
  'shape_marks',
  'packed_fields',
  'parts',
  'parts_ttl',
  'last_failure',
  'size_bytes',
  'truncated_fields',
  ...headFields,
  ...headFields.map(packedName),
];

const indexAttributes: readonly string[] = ['feed_day', 'site', 'surt'];

/** Attributes that are no field of a result: ours, the keys, and what Python's managers keep for themselves. */
export const attributesThatAreNoField: ReadonlySet<string> = new Set([
  ...headAttributes,
  ...indexAttributes,
  'url',
  'pk',
  'sk',
  'entity_type',
  'title',
  'domain',
]);

/** Fields whose attribute is a map, native or as JSON text; anything else under their names is malformed. */
export const objectFields: ReadonlySet<FieldName> = new Set([
  'links',
  'media',
  'metadata',
  'response_headers',
  'extra',
]);

/** The attribute that holds a field's packed bytes. */
export function packedName(field: FieldName): string {
  return packedNames[field];
}

/** Whether a field lies inside the attribute `markdown` of the document layout. */
export function isMarkdownField(field: FieldName): field is keyof typeof markdownFields {
  return Object.hasOwn(markdownFields, field);
}

/**
 * The attributes of the document layout that `wanted` needs, without the key's own. Null: the whole item, because
 * `extra` is also every attribute that we have no name for.
 */
export function projectionOf(wanted: FieldGroups): readonly string[] | null {
  if (wanted === groups.none) return [];
  if (includes(wanted, groups.all)) return null;
  const names = new Set(headAttributes);
  if (includes(wanted, groups.title)) names.add('title').add('metadata').add(packedName('metadata'));
  for (const field of largeFieldsOf(wanted)) {
    if (field === 'extra') return null;
    names.add(isMarkdownField(field) ? 'markdown' : field).add(packedName(field));
  }
  return [...names];
}
