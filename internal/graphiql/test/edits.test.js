// Edits of the text compared with the same edits of the syntax tree, for every node
// of the examples and of documents whose layout is difficult.
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, test } from 'node:test'
import { buildSchema, getNamedType, isAbstractType, isLeafType, parse, print, TypeInfo, validate, visit, visitWithTypeInfo } from 'graphql'
import { fieldText, fragmentText, valueText } from '../src/builder/defaults.js'
import { addMember, addSelection, membersOf, put, removeMember, removeSelection } from '../src/builder/edits.js'

const read = (...names) => readFileSync(path.join(import.meta.dirname, ...names), 'utf8')
const schema = buildSchema(read('../../../schema.graphqls'))

const documents = {
  'on one line': '{ searchChats(first: 1, filter: { search: "a b", statuses: [BOT] }) { totalCount nodes { id name } } labels { id } }',
  'without spaces': '{searchChats(first:1){totalCount,nodes{id,name}}}',
  'with comments': '{ # one\n  searchChats( # )\n first: 1 # )\n) {\n    # two\n    totalCount nodes { id } # three\n    pageInfo {\n      hasNextPage\n      # four\n      endCursor }\n  }\n}',
  'with an alias and directives': 'query Q($a: Boolean!) { all: searchChats @include(if: $a) { totalCount @skip(if: $a) }\n other: labels { id } }',
}
const folder = '../src/examples'
for (const file of readdirSync(path.join(import.meta.dirname, folder))) {
  if (file.endsWith('.graphql')) documents[file] = read(folder, file)
}

const after = (text, { start, end, text: put }) => text.slice(0, start) + put + text.slice(end)
const comments = (text) => text.match(/#[^\n]*/g) ?? []

/** Calls back for each selection, with its ancestors that select. */
function eachSelection(text, callback) {
  const walk = (node, ancestors) => {
    for (const selection of node.selectionSet?.selections ?? []) {
      callback(selection, [...ancestors, node])
      walk(selection, [...ancestors, node])
    }
  }
  for (const operation of parse(text).definitions) walk(operation, [])
}

/** The document without what the filter takes out, and without parents that are empty then. */
const without = (text, isRemoved) =>
  visit(parse(text), {
    Field: (node) => (isRemoved(node) ? null : undefined),
    InlineFragment: { enter: (node) => (isRemoved(node) ? null : undefined), leave: (node) => (node.selectionSet ? undefined : null) },
    SelectionSet: { leave: (node) => (node.selections.length === 0 ? null : undefined) },
    OperationDefinition: { leave: (node) => (node.selectionSet ? undefined : null) },
  })

for (const [name, text] of Object.entries(documents)) {
  describe(`a document ${name}`, () => {
    test('loses each of its selections, and keeps its comments', () => {
      eachSelection(text, (selection, ancestors) => {
        const edited = after(text, removeSelection(text, ancestors, selection))
        const parents = ancestors.filter((node) => node.selectionSet.selections.length > 1)
        const at = ancestors.lastIndexOf(parents.at(-1)) // -1: the operation goes as a whole
        const { loc } = [...ancestors, selection][at + 1]
        const kept = [...comments(text.slice(0, loc.start)), ...comments(text.slice(loc.end))]
        assert.deepEqual(comments(edited), kept, edited)
        if (at < 0) return assert.throws(() => parse(edited)) // nothing but comments
        assert.equal(print(parse(edited)), print(without(text, (node) => node.loc.start === loc.start)), edited)
      })
    })

    test('gets each field and each type that its selections can have, last', () => {
      const types = new TypeInfo(schema)
      visit(parse(text), visitWithTypeInfo(types, {
        Field(node) {
          const type = getNamedType(types.getType())
          if (isLeafType(type)) return
          const added = Object.values(type.getFields?.() ?? {}).map(fieldText)
          if (isAbstractType(type)) added.push(...schema.getPossibleTypes(type).map(fragmentText))
          for (const selection of added) {
            const edited = after(text, addSelection(text, node, selection))
            const [expected] = parse(`{ ${selection} }`).definitions[0].selectionSet.selections
            const whole = visit(parse(text), {
              SelectionSet: {
                leave: (set) => set.loc.start === node.selectionSet.loc.start ? { ...set, selections: [...set.selections, expected] } : undefined,
              },
            })
            assert.equal(print(parse(edited)), print(whole), edited)
            assert.deepEqual(comments(edited), comments(text))
          }
        },
      }))
    })

    test('gets and loses each argument that its fields have', () => {
      const types = new TypeInfo(schema)
      visit(parse(text), visitWithTypeInfo(types, {
        Field(node) {
          for (const argument of types.getFieldDef().args) {
            const present = membersOf(node).find((member) => member.name.value === argument.name)
            const edit = present ? removeMember(text, node, present) : addMember(node, argument.name, valueText(argument.type))
            const names = membersOf(node).map((member) => member.name.value)
            const wanted = present ? names.filter((name) => name !== argument.name) : [...names, argument.name]
            let found
            visit(parse(after(text, edit)), { Field: (other) => { if (other.loc.start === node.loc.start) found = other } })
            assert.deepEqual(found.arguments.map((member) => member.name.value), wanted)
          }
        },
        ObjectValue(node) {
          for (const member of node.fields) {
            const [other] = parse(after(text, removeMember(text, node, member))).definitions
            assert.ok(other)
          }
          assert.ok(print(parse(after(text, addMember(node, 'x', '1')))).includes('x: 1'))
          assert.ok(print(parse(after(text, put(node, '{}')))).includes('{}'))
        },
      }))
    })
  })
}

test('what begins a field is valid for every field of the schema', () => {
  for (const root of [schema.getQueryType(), schema.getSubscriptionType()].filter(Boolean)) {
    const kind = root === schema.getQueryType() ? 'query' : 'subscription'
    for (const field of Object.values(root.getFields())) {
      assert.deepEqual(validate(schema, parse(`${kind} { ${fieldText(field)} }`)), [])
      for (const argument of field.args) {
        const text = fieldText({ ...field, args: [] }).replace(field.name, `${field.name}(${argument.name}: ${valueText(argument.type)})`)
        assert.deepEqual(validate(schema, parse(`${kind} { ${text} }`)), [], text)
      }
    }
  }
})
