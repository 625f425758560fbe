// How large a document is, told from its syntax alone: before validation, whose rules take a square of it or worse.
import type { DefinitionNode, DocumentNode, FragmentDefinitionNode, SelectionSetNode, ValueNode } from 'graphql';

/** Sizes of the largest operation or fragment of a document; every use of a fragment counts like its text. */
export interface DocumentSize {
  /** Levels of nested fields, or of nested lists and objects in an argument. */
  readonly depth: number;
  readonly fields: number;
  readonly aliases: number;
  readonly directives: number;
}

/**
 * Measures a document in a time that grows with its text, however its fragments multiply. A circle of fragments is cut
 * where it closes; validation refuses it.
 */
export function measureDocument({ definitions }: DocumentNode): DocumentSize {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const one of definitions) if (one.kind === 'FragmentDefinition') fragments.set(one.name.value, one);
  const measured = new Map<string, DocumentSize>();

  const ofFragment = (name: string): DocumentSize => {
    const known = measured.get(name);
    if (known !== undefined) return known;
    const fragment = fragments.get(name);
    if (fragment === undefined) return nothing;
    // Stands for itself while it is being measured, so a circle ends.
    measured.set(name, nothing);
    const size = ofDefinition(fragment);
    measured.set(name, size);
    return size;
  };

  const ofDefinition = (definition: DefinitionNode): DocumentSize => {
    if (definition.kind !== 'OperationDefinition' && definition.kind !== 'FragmentDefinition') return nothing;
    const size = ofSelections(definition.selectionSet);
    const variables = definition.kind === 'OperationDefinition' ? (definition.variableDefinitions ?? []) : [];
    const depth = variables.reduce((deepest, { defaultValue }) => Math.max(deepest, depthOfValue(defaultValue)), 0);
    const onVariables = variables.reduce((sum, { directives }) => sum + (directives?.length ?? 0), 0);
    const directives = size.directives + (definition.directives?.length ?? 0) + onVariables;
    return { ...size, directives, depth: Math.max(size.depth, depth) };
  };

  const ofSelections = (set: SelectionSetNode | undefined): DocumentSize => {
    let { depth, fields, aliases, directives } = nothing;
    for (const selection of set?.selections ?? []) {
      directives += selection.directives?.length ?? 0;
      const below =
        selection.kind === 'FragmentSpread' ? ofFragment(selection.name.value) : ofSelections(selection.selectionSet);
      fields += below.fields;
      aliases += below.aliases;
      directives += below.directives;
      depth = Math.max(depth, below.depth + (selection.kind === 'Field' ? 1 : 0));
      if (selection.kind !== 'Field') continue;
      fields += 1;
      if (selection.alias !== undefined) aliases += 1;
      for (const argument of selection.arguments ?? []) depth = Math.max(depth, depthOfValue(argument.value));
    }
    return { depth, fields, aliases, directives };
  };

  return definitions.map(ofDefinition).reduce(larger, nothing);
}

const nothing: DocumentSize = { depth: 0, fields: 0, aliases: 0, directives: 0 };

function larger(a: DocumentSize, b: DocumentSize): DocumentSize {
  return {
    depth: Math.max(a.depth, b.depth),
    fields: Math.max(a.fields, b.fields),
    aliases: Math.max(a.aliases, b.aliases),
    directives: Math.max(a.directives, b.directives),
  };
}

function depthOfValue(value: ValueNode | undefined): number {
  if (value?.kind === 'ListValue') return 1 + value.values.reduce((most, one) => Math.max(most, depthOfValue(one)), 0);
  if (value?.kind !== 'ObjectValue') return 0;
  return 1 + value.fields.reduce((most, field) => Math.max(most, depthOfValue(field.value)), 0);
}
