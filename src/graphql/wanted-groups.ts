// Which field groups a query needs of its results, so that nothing else is read.
import { type FieldNode, type GraphQLResolveInfo, getNamedType } from 'graphql';
import { type FieldGroups, type FieldName, groupOf, groups, largeFields, union } from '../domain/fields.js';
import { storedFieldNames, storedFields, storedMarkdownFieldNames, storedMarkdownFields } from './field-names.js';
import { dependsOnVariables, type SelectionInfo, selectedFields } from './selected-fields.js';

/** What a field that returns CrawlResults, or a page of them, is asked for. */
export interface Wanted {
  /** The groups of the selected fields, the head always among them. */
  readonly groups: FieldGroups;
  /** The selected fields of CrawlResult. */
  readonly fields: ReadonlySet<string>;
}

type FieldInfo = SelectionInfo & Pick<GraphQLResolveInfo, 'fieldNodes' | 'returnType'>;

/** What the field being resolved is asked for, whether it returns a CrawlResult, a list of them or a connection. */
export const wantedOf = oncePerNode((info): Wanted => {
  let nodes: readonly FieldNode[] = info.fieldNodes;
  if (getNamedType(info.returnType).name === 'CrawlResultConnection') {
    for (const step of ['edges', 'node']) nodes = selectedFields(nodes, info).get(step) ?? [];
  }
  return { groups: groupsOfSelection(nodes, info), fields: new Set(selectedFields(nodes, info).keys()) };
});

/** The groups of the fields that `nodes`, which return CrawlResults, are asked for; the head always among them. */
export function groupsOfSelection(nodes: readonly FieldNode[], info: SelectionInfo): FieldGroups {
  let wanted: FieldGroups = groups.head;
  for (const [name, fieldNodes] of selectedFields(nodes, info)) {
    wanted = union(wanted, groupsOfField(name, fieldNodes, info));
  }
  return wanted;
}

/** Which stored fields answer the `markdown` being resolved: all of them where none is named (`__typename` alone). */
export const wantedMarkdown = oncePerNode((info) => markdownOfSelection(info.fieldNodes, info));

function markdownOfSelection(nodes: readonly FieldNode[], info: SelectionInfo): readonly FieldName[] {
  const selected = selectedFields(nodes, info);
  const asked = storedMarkdownFieldNames.filter((name) => selected.has(name));
  return (asked.length === 0 ? storedMarkdownFieldNames : asked).map((name) => storedMarkdownFields[name]);
}

const everyText = unionOf(largeFields);

const groupsByField: Readonly<Record<string, FieldGroups>> = {
  ...Object.fromEntries(storedFieldNames.map((name) => [name, groupOf(storedFields[name])])),
  title: groups.title,
  sizeBytes: groups.size,
  truncatedFields: groups.truncated,
  // Older writers keep the tables under media.
  tables: unionOf(['tables', 'media']),
  crawl4ai: everyText,
};

function groupsOfField(name: string, fieldNodes: readonly FieldNode[], info: SelectionInfo): FieldGroups {
  if (name === 'markdown') return unionOf(markdownOfSelection(fieldNodes, info));
  return (Object.hasOwn(groupsByField, name) ? groupsByField[name] : undefined) ?? groups.head;
}

function unionOf(names: readonly FieldName[]): FieldGroups {
  return names.reduce<FieldGroups>((sum, name) => union(sum, groupOf(name)), groups.none);
}

/** Remembers an answer for as long as its query's document lives, unless variables decide it. */
function oncePerNode<Answer>(find: (info: FieldInfo) => Answer): (info: FieldInfo) => Answer {
  // Documents are parsed once and kept by yoga, so a field's node is the same object for every request of one text.
  const known = new WeakMap<FieldNode, { readonly answer: Answer }>();
  return (info) => {
    const only = info.fieldNodes.length === 1 ? info.fieldNodes[0] : undefined;
    const remembered = only === undefined ? undefined : known.get(only);
    if (remembered !== undefined) return remembered.answer;
    const answer = find(info);
    if (only !== undefined && !dependsOnVariables([only], info)) known.set(only, { answer });
    return answer;
  };
}
