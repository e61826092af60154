import { getNamedType, isAbstractType, isLeafType } from 'graphql'
import { fieldText, fragmentText } from './defaults.js'
import { addSelection, removeSelection } from './edits.js'
import { Members } from './Members.jsx'

/**
 * What can be selected of an object, an interface or a union, as a list of check
 * boxes. Below a checked one are its arguments, and what can be selected of it.
 *
 * - node: the operation, field or fragment that selects; undefined if there is none
 * - add: adds a selection to it, as text
 * - edit: the text of the document, what applies an edit, and the node's ancestors with itself
 */
export function Selections({ type, node, add, edit }) {
  const selections = node?.selectionSet?.selections ?? []
  return (
    <ul>
      {selectable(type, edit.schema).map(({ key, field, of, text, matches }) => {
        const selected = selections.find(matches)
        const toggle = () => (selected ? edit.apply(removeSelection(edit.text, edit.ancestors, selected)) : add(text))
        return (
          <li key={key}>
            <label title={(field ?? of).description ?? undefined}>
              <input type="checkbox" checked={Boolean(selected)} onChange={toggle} />
              {key}
            </label>
            {field && <span className="builder-type">{String(field.type)}</span>}
            {selected && field && field.args.length > 0 && (
              <Members owner={selected} members={field.args} name={field.name} edit={edit} />
            )}
            {selected && !isLeafType(of) && (
              <Selections
                type={of}
                node={selected}
                add={(selection) => edit.apply(addSelection(edit.text, selected, selection))}
                edit={{ ...edit, ancestors: [...edit.ancestors, selected] }}
              />
            )}
          </li>
        )
      })}
    </ul>
  )
}

/** The fields of a type, and the types that it can be. */
function selectable(type, schema) {
  const fields = Object.values(type.getFields?.() ?? {}).map((field) => ({
    key: field.name,
    field,
    of: getNamedType(field.type),
    text: fieldText(field),
    matches: (selection) => selection.kind === 'Field' && selection.name.value === field.name,
  }))
  if (!isAbstractType(type)) return fields
  const possible = schema.getPossibleTypes(type).map((of) => ({
    key: `on ${of.name}`,
    of,
    text: fragmentText(of),
    matches: (selection) => selection.kind === 'InlineFragment' && selection.typeCondition?.name.value === of.name,
  }))
  return [...fields, ...possible]
}
