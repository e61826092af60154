import { getNamedType, getNullableType, isEnumType, isInputObjectType, isListType, parseValue } from 'graphql'
import { useEffect, useState } from 'react'
import { valueText } from './defaults.js'
import { addMember, membersOf, put, removeMember } from './edits.js'

/**
 * The arguments of a field, or the fields of an input object, as check boxes. Beside
 * a checked one is its value. The owner is the node of the field or of the object.
 */
export function Members({ owner, members, name, edit }) {
  return (
    <ul aria-label={`Arguments of ${name}`} className="builder-members">
      {members.map((member) => {
        const node = membersOf(owner).find((present) => present.name.value === member.name)
        const toggle = () =>
          edit.apply(node ? removeMember(edit.text, owner, node) : addMember(owner, member.name, valueText(member.type)))
        return (
          <li key={member.name}>
            <label title={member.description ?? undefined}>
              <input type="checkbox" checked={Boolean(node)} onChange={toggle} />
              {member.name}:
            </label>
            {node && <Value node={node.value} type={member.type} name={member.name} edit={edit} />}
          </li>
        )
      })}
    </ul>
  )
}

/** A value of an argument: choices, the members of an object, or its text in GraphQL. */
function Value({ node, type, name, edit }) {
  const nullable = getNullableType(type)
  const change = (text) => edit.apply(put(node, text))
  if (isInputObjectType(nullable) && node.kind === 'ObjectValue') {
    return <Members owner={node} members={Object.values(nullable.getFields())} name={name} edit={edit} />
  }
  const choices = choicesOf(nullable)
  if (choices.includes(node.value === undefined ? undefined : String(node.value))) {
    return (
      <select aria-label={name} value={String(node.value)} onChange={(event) => change(event.currentTarget.value)}>
        {choices.map((choice) => (
          <option key={choice}>{choice}</option>
        ))}
      </select>
    )
  }
  return <Literal key={node.loc.start} text={edit.text.slice(node.loc.start, node.loc.end)} name={name} change={change} />
}

function choicesOf(type) {
  if (isListType(type)) return []
  if (isEnumType(type)) return type.getValues().map(({ name }) => name)
  return getNamedType(type).name === 'Boolean' ? ['true', 'false'] : []
}

/** A value as GraphQL writes it. What is no value yet is not put into the document. */
function Literal({ text, name, change }) {
  const [draft, setDraft] = useState(text)
  useEffect(() => setDraft(text), [text])
  const edit = (value) => {
    setDraft(value)
    if (isValue(value)) change(value)
  }
  return (
    <input
      aria-label={name}
      aria-invalid={!isValue(draft)}
      value={draft}
      onChange={(event) => edit(event.currentTarget.value)}
      spellCheck={false}
    />
  )
}

/** Whether a text is one value of GraphQL, and nothing after it. */
function isValue(text) {
  try {
    parseValue(text)
    return true
  } catch {
    return false
  }
}
