// Writes docs/schema.md from schema.graphql, every type with its fields, arguments and what they mean. npm run codegen runs it.
//
//   node docs/render-schema.mjs            # writes the file
//   node docs/render-schema.mjs --print    # prints it
import { readFileSync, writeFileSync } from 'node:fs';
import {
  buildSchema,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isObjectType,
  isScalarType,
  isSpecifiedScalarType,
} from 'graphql';

const schema = buildSchema(readFileSync(new URL('../schema.graphql', import.meta.url), 'utf8'));
const types = Object.values(schema.getTypeMap()).filter(
  (type) => !type.name.startsWith('__') && !isSpecifiedScalarType(type),
);
const roots = [schema.getQueryType(), schema.getMutationType()];

const sections = [
  ['Queries', roots.slice(0, 1)],
  ['Mutations', roots.slice(1)],
  ['Objects', types.filter((type) => isObjectType(type) && !roots.includes(type))],
  ['Inputs', types.filter(isInputObjectType)],
  ['Enums', types.filter(isEnumType)],
  ['Scalars', types.filter(isScalarType)],
];

const text = `# The schema

Made from [\`schema.graphql\`](../schema.graphql) by \`npm run codegen\`; a test checks that it is up to date.

${sections
  .map(([name, members]) => `- [${name}](#${name.toLowerCase()}): ${members.map((type) => link(type)).join(', ')}`)
  .join('\n')}

${sections.map(([name, members]) => `## ${name}\n\n${members.map(section).join('\n\n')}`).join('\n\n')}
`;

if (process.argv.includes('--print')) process.stdout.write(text);
else writeFileSync(new URL('schema.md', import.meta.url), text);

function section(type) {
  const head = `### ${type.name}\n\n${paragraphs(type.description)}`;
  if (isEnumType(type))
    return `${head}\n\n${table(
      ['value', 'meaning'],
      type.getValues().map(({ name, description }) => [code(name), cell(description)]),
    )}`;
  if (isScalarType(type)) return type.specifiedByURL ? `${head}\n\nSpecified by <${type.specifiedByURL}>.` : head;
  if (isInputObjectType(type))
    return `${head}\n\n${table(['field', 'type', 'meaning'], Object.values(type.getFields()).map(row))}`;
  if (roots.includes(type)) return [head, ...Object.values(type.getFields()).map(operation)].join('\n\n');
  return `${head}\n\n${table(
    ['field', 'type', 'meaning'],
    Object.values(type.getFields()).flatMap((field) => [
      row(field),
      ...field.args.map((argument) => row({ ...argument, name: `${field.name}(${argument.name}:)` })),
    ]),
  )}`;
}

function operation(field) {
  const args = field.args.length === 0 ? '' : `\n\n${table(['argument', 'type', 'meaning'], field.args.map(row))}`;
  return `#### ${field.name}\n\nAnswers ${typeLink(field.type)}. ${paragraphs(field.description)}${args}`;
}

function row({ name, type, description, defaultValue }) {
  const otherwise =
    defaultValue === undefined ? '' : ` Default: ${code(JSON.stringify(defaultValue).replaceAll('"', ''))}.`;
  return [code(name), typeLink(type), `${cell(description)}${otherwise}`];
}

function table(head, rows) {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** The type with the brackets and marks around its name. */
function typeLink(type) {
  const named = getNamedType(type);
  const [before, after] = String(type).split(named.name);
  const name = isSpecifiedScalarType(named) ? named.name : link(named);
  return `${before.replaceAll('[', '\\[')}${name}${after.replaceAll(']', '\\]')}`;
}

function link({ name }) {
  return `[${name}](#${name.toLowerCase()})`;
}

function code(name) {
  return `\`${name}\``;
}

function cell(description) {
  return paragraphs(description).replaceAll('\n', ' ').replaceAll('|', '\\|');
}

function paragraphs(description) {
  return (description ?? '').trim();
}
