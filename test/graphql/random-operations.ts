// Random valid operations over the real schema, from a seed.
import {
  type DocumentNode,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isEnumType,
  isListType,
  isNonNullType,
  isObjectType,
  parse,
  validate,
} from 'graphql';

/** One operation, and what it is asked with. */
export interface RandomOperation {
  readonly text: string;
  readonly document: DocumentNode;
  readonly variables: Record<string, unknown>;
}

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Makes operations; about every fourth draft is not valid (its fields cannot be merged) and is thrown away. */
export function createOperations(options: {
  readonly schema: GraphQLSchema;
  readonly random: () => number;
  readonly urls: readonly string[];
}): () => RandomOperation {
  const { schema, random, urls } = options;
  const chance = (share: number): boolean => random() < share;
  const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(random() * items.length)] as Item;
  const roots = ['crawlResult', 'crawlResult', 'crawlResults', 'crawlResults', 'crawlSession', 'crawlFeed', 'stats'];

  function draft(): { text: string; variables: Record<string, unknown> } {
    const variables: Record<string, unknown> = {};
    const declared: string[] = [];
    const fragments: string[] = [];
    const hasDirectives = chance(0.2);
    const hasLiterals = chance(0.2);

    const declare = (type: string, value: unknown): string => {
      const name = `v${declared.length}`;
      const isDefault = !type.endsWith('!') && chance(0.1);
      declared.push(`$${name}: ${type}${isDefault ? ' = null' : ''}`);
      if (!type.endsWith('!') && chance(0.1)) return `$${name}`;
      variables[name] = chance(0.01) ? { wrong: true } : value;
      return `$${name}`;
    };

    const valueFor = (type: GraphQLInputType): unknown => {
      if (isNonNullType(type)) return valueFor(type.ofType);
      if (isListType(type)) return Array.from({ length: Math.floor(random() * 5) }, () => valueFor(type.ofType));
      if (isEnumType(type)) return pick(type.getValues()).name;
      switch (getNamedType(type).name) {
        case 'Int':
          return pick([-1, 0, 1, 20, 1_000_000]);
        case 'Boolean':
          return chance(0.5);
        default:
          return pick(urls);
      }
    };

    const literal = (type: GraphQLInputType, value: unknown): string =>
      isEnumType(getNamedType(type)) ? String(value) : JSON.stringify(value).replaceAll('\\ud800', 'x');

    const argumentsOf = (field: GraphQLField<unknown, unknown>): string => {
      const given = field.args.flatMap(({ name, type }) => {
        const known = ['DateTime', 'CrawlFeedFilter'].includes(getNamedType(type).name) || name === 'after';
        if (known || (!isNonNullType(type) && chance(0.7))) return [];
        const value = valueFor(type);
        const isText = /^"|\[/.test(literal(type, value));
        const inline = isText ? hasLiterals : chance(0.4);
        return [`${name}: ${inline ? literal(type, value) : declare(String(type), value)}`];
      });
      return given.length === 0 ? '' : `(${given.join(', ')})`;
    };

    const directive = (): string => {
      if (!hasDirectives || chance(0.7)) return '';
      const name = chance(0.5) ? 'skip' : 'include';
      return ` @${name}(if: ${chance(0.5) ? declare('Boolean!', chance(0.5)) : chance(0.5)})`;
    };

    const selection = (type: GraphQLObjectType, depth: number): string => {
      const all = Object.values(type.getFields());
      const leaves = all.filter((field) => !isObjectType(getNamedType(field.type)));
      const fields = depth > 0 || leaves.length === 0 ? all : leaves;
      const count = 1 + Math.floor(random() * 5);
      const parts = Array.from({ length: count }, (): string => {
        if (chance(0.08)) return `... ${chance(0.5) ? `on ${type.name}` : ''}${directive()} ${selection(type, depth)}`;
        if (chance(0.08) && fragments.length < 4) {
          const index = fragments.push('') - 1;
          fragments[index] = `fragment F${index} on ${type.name} ${selection(type, depth)}`;
          return `...F${index}${directive()} ${chance(0.3) ? `...F${index}` : ''}`;
        }
        if (chance(0.05)) return '__typename';
        const field = pick(fields);
        const inner = getNamedType(field.type);
        const alias = chance(0.2) ? `${pick(['a', 'b', 'url', 'html', 'then', 'constructor', 'x_y'])}: ` : '';
        return `${alias}${field.name}${argumentsOf(field)}${directive()}${isObjectType(inner) ? ` ${selection(inner, depth - 1)}` : ''}`;
      });
      return `{ ${parts.join(' ')} }`;
    };

    const query = schema.getQueryType();
    const asked = Array.from({ length: 1 + Math.floor(random() * 3) }, (_, index) => {
      const field = query?.getFields()[pick(roots)];
      if (field === undefined) throw new Error('the schema has lost a field');
      const inner = getNamedType(field.type) as GraphQLObjectType;
      return `${index > 0 || chance(0.3) ? `r${index}: ` : ''}${field.name}${argumentsOf(field)}${directive()} ${selection(inner, 3)}`;
    });
    const declaration = declared.length > 0 ? `(${declared.join(', ')})` : '';
    return { text: `query Q${declaration} { ${asked.join(' ')} } ${fragments.join(' ')}`, variables };
  }

  return () => {
    for (;;) {
      const { text, variables } = draft();
      const document = parse(text);
      if (validate(schema, document).length === 0) return { text, document, variables };
    }
  };
}
