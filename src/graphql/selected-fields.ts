// Which fields of a type a query selects, through fragments, inline fragments and directives.
import {
  type FieldNode,
  GraphQLIncludeDirective,
  type GraphQLResolveInfo,
  GraphQLSkipDirective,
  getDirectiveValues,
  type OperationDefinitionNode,
  type SelectionNode,
} from 'graphql';

/** The parts of GraphQLResolveInfo that selections depend on. */
export type SelectionInfo = Pick<GraphQLResolveInfo, 'fragments' | 'variableValues'>;

/** What has a selection: a field, or an operation. */
export type Selecting = Pick<FieldNode | OperationDefinitionNode, 'selectionSet'>;

/** Selected fields by name, each with every node that selects it. */
export type SelectedFields = ReadonlyMap<string, readonly FieldNode[]>;

/** What is selected below `nodes`, all aliases of a field together. Fields that a directive leaves out are not in it. */
export function selectedFields(nodes: readonly Selecting[], info: SelectionInfo): SelectedFields {
  const found = new Map<string, FieldNode[]>();
  const visited = new Set<string>();
  const visit = (selections: readonly SelectionNode[]): void => {
    for (const selection of selections) {
      if (isLeftOut(selection, info)) continue;
      if (selection.kind === 'Field') {
        const name = selection.name.value;
        const others = found.get(name);
        if (others === undefined) found.set(name, [selection]);
        else others.push(selection);
      } else if (selection.kind === 'InlineFragment') {
        // No type condition is looked at: the schema has no interfaces or unions, so validation allows only the type itself.
        visit(selection.selectionSet.selections);
      } else if (!visited.has(selection.name.value)) {
        visited.add(selection.name.value);
        visit(info.fragments[selection.name.value]?.selectionSet.selections ?? []);
      }
    }
  };
  for (const node of nodes) visit(node.selectionSet?.selections ?? []);
  return found;
}

/** Whether what is selected below `nodes` can differ from request to request: a directive there names a variable. */
export function dependsOnVariables(nodes: readonly Selecting[], info: SelectionInfo): boolean {
  const visited = new Set<string>();
  const anyDepends = (selections: readonly SelectionNode[]): boolean =>
    selections.some((selection) => {
      const named = selection.directives?.some((directive) =>
        directive.arguments?.some((argument) => argument.value.kind === 'Variable'),
      );
      if (named === true) return true;
      if (selection.kind !== 'FragmentSpread') return anyDepends(selection.selectionSet?.selections ?? []);
      if (visited.has(selection.name.value)) return false;
      visited.add(selection.name.value);
      return anyDepends(info.fragments[selection.name.value]?.selectionSet.selections ?? []);
    });
  return nodes.some((node) => anyDepends(node.selectionSet?.selections ?? []));
}

function isLeftOut(node: SelectionNode, info: SelectionInfo): boolean {
  if (node.directives === undefined || node.directives.length === 0) return false;
  if (getDirectiveValues(GraphQLSkipDirective, node, info.variableValues)?.if === true) return true;
  return getDirectiveValues(GraphQLIncludeDirective, node, info.variableValues)?.if === false;
}
