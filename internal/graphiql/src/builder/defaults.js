// The text of what is new in a document: valid GraphQL, to be changed.
import {
  getNamedType,
  getNullableType,
  isAbstractType,
  isEnumType,
  isInputObjectType,
  isLeafType,
  isListType,
  isRequiredArgument,
  isRequiredInputField,
} from 'graphql'

/** A field, with its required arguments, and one field of what it returns. */
export function fieldText(field) {
  const required = field.args.filter(isRequiredArgument).map(memberText)
  const list = required.length > 0 ? `(${required.join(', ')})` : ''
  const type = getNamedType(field.type)
  return field.name + list + (isLeafType(type) ? '' : ` { ${firstField(type)} }`)
}

/** A fragment for one of the types that an interface or a union can be. */
export const fragmentText = (type) => `... on ${type.name} { ${firstField(type)} }`

/** What is asked of an object unless somebody says more. */
function firstField(type) {
  if (isAbstractType(type)) return '__typename'
  const plain = Object.values(type.getFields()).filter(
    (field) => isLeafType(getNamedType(field.type)) && !field.args.some(isRequiredArgument),
  )
  const known = plain.find((field) => ['id', 'totalCount'].includes(field.name))
  return (known ?? plain[0])?.name ?? '__typename'
}

/** The value that an argument or an input field begins with. */
export function valueText(type) {
  const nullable = getNullableType(type)
  if (isListType(nullable)) return `[${valueText(nullable.ofType)}]`
  if (isEnumType(nullable)) return nullable.getValues()[0].name
  if (isInputObjectType(nullable)) {
    const required = Object.values(nullable.getFields()).filter(isRequiredInputField)
    return required.length > 0 ? `{ ${required.map(memberText).join(', ')} }` : '{}'
  }
  return { Boolean: 'true', Int: '10', Float: '1' }[nullable.name] ?? '""'
}

const memberText = ({ name, type }) => `${name}: ${valueText(type)}`
