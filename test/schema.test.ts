// schema.graphql holds all of the contract, every part of it described, and generated.ts was made from it.
import { existsSync, readFileSync } from 'node:fs';
import {
  buildSchema,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isObjectType,
  isSpecifiedScalarType,
  printSchema,
} from 'graphql';
import { describe, expect, it } from 'vitest';
import { createGatewaySchema, readSchemaText } from '../src/graphql/schema.js';

const contractFile = new URL('../../shared/contract.graphql', import.meta.url);
const skipped = !existsSync(contractFile) && !process.env.CI;

describe('schema.graphql', () => {
  const schema = buildSchema(readSchemaText());

  it.skipIf(skipped)(
    skipped
      ? 'holds the contract (skipped: ../shared/contract.graphql is not beside this project)'
      : 'holds every type, field, argument, default and enum value of the contract',
    () => {
      const held = partsOf(schema);
      const missing = [...partsOf(buildSchema(readFileSync(contractFile, 'utf8')))].filter(
        ([path, type]) => held.get(path) !== type,
      );
      expect(missing).toEqual([]);
    },
  );

  it('describes every type, field, argument, input field and enum value', () => {
    const undescribed = [...describedParts(schema)].filter(([, description]) => !description?.trim());
    expect(undescribed.map(([path]) => path)).toEqual([]);
  });

  it('is what the executable schema says, word for word', () => {
    expect(printSchema(createGatewaySchema())).toBe(printSchema(schema));
  });
});

/** Every part of a schema by its path, with its type and default. */
function partsOf(schema: GraphQLSchema): Map<string, string> {
  const parts = new Map<string, string>();
  for (const type of ownTypes(schema)) {
    parts.set(type.name, type.constructor.name);
    if (isEnumType(type)) for (const value of type.getValues()) parts.set(`${type.name}.${value.name}`, 'value');
    if (isInputObjectType(type)) {
      for (const field of Object.values(type.getFields()))
        parts.set(`${type.name}.${field.name}`, typeAndDefault(field));
    }
    if (!isObjectType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      parts.set(`${type.name}.${field.name}`, String(field.type));
      for (const argument of field.args) {
        parts.set(`${type.name}.${field.name}(${argument.name})`, typeAndDefault(argument));
      }
    }
  }
  return parts;
}

function typeAndDefault(part: { readonly type: unknown; readonly defaultValue?: unknown }): string {
  return `${String(part.type)} = ${JSON.stringify(part.defaultValue)}`;
}

function describedParts(schema: GraphQLSchema): Map<string, string | null | undefined> {
  const parts = new Map<string, string | null | undefined>();
  for (const type of ownTypes(schema)) {
    parts.set(type.name, type.description);
    if (isEnumType(type))
      for (const value of type.getValues()) parts.set(`${type.name}.${value.name}`, value.description);
    if (!isObjectType(type) && !isInputObjectType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      parts.set(`${type.name}.${field.name}`, field.description);
      if (!('args' in field)) continue;
      for (const argument of field.args)
        parts.set(`${type.name}.${field.name}(${argument.name})`, argument.description);
    }
  }
  return parts;
}

function ownTypes(schema: GraphQLSchema) {
  return Object.values(schema.getTypeMap()).filter(
    (type) => !type.name.startsWith('__') && !isSpecifiedScalarType(type),
  );
}
