// Requests for each rule of the lexer, the parser, validation and execution: in
// what they cover they follow graphql-js's own tests of that rule. Each is
// [query, variables, operationName].

const chats = (inner, args = "(first:2)") => `{searchChats${args}{${inner}}}`;
const search = (value) => chats("totalCount", `(filter:{search:${value}})`);

/** Requests by what they are about. */
export const cases = {
  "ignored characters": [
    ["\ufeff{__typename}"], ["{\t__typename,\n,\r\n,\r#c\u0000😀\r}"], ["{__typename}\u00a0"], ["{__typename}\u0000"], ["{__typename}\u2028"], ["#only"], [""], [" ,,"],
  ],
  "names": [["{_:__typename A9:__typename}"], ["{é:__typename}"], ["{9a:__typename}"], ["{a-b:__typename}"], ["{true:__typename null:__typename on:__typename query:__typename}"]],
  "numbers": [
    "0", "-0", "00", "01", "-01", "1", "-", "+1", "1.", ".5", "1.5", "1e", "1e3", "1E+3", "1e-3", "1.5e3", "1e3.4", "0x1", "1a", "1_0", "1.a", "1\"\"", "2147483647", "2147483648", "-2147483648",
    "-2147483649", "9223372036854775808", "99999999999999999999", "1e400", "1.0",
  ].map((n) => [chats("totalCount", `(first:${n})`)]),
  "strings": [
    '""', '"a', '"a\nb"', '"a\rb"', '"\\', '"\\"', '"\\q"', '"\\u"', '"\\u12"', '"\\u12zz"', '"\\u00e9b"', '"\\uD83D\\uDE00"', '"\\uD83D"', '"\\uDE00a"', '"\\uD83D\\uD83D"', '"\\uDE00\\uD83D"',
    '"\\uD83D\\n"', '"\\u{1F600}b"', '"\\u{}"', '"\\u{0}b"', '"\\u{00000041}b"', '"\\u{000000041}"', '"\\u{110000}"', '"\\u{D83D}"', '"\\u{D83D}\\u{DE00}"', '"\\u{41"', '"\\u{zz}"',
    '"\u0001\u0007\u007f\u0085"', '"a\tb"', '"\\b\\f\\n\\r\\t\\/\\\\\\""', '"ab"1', '"ab""cd"', "'ab'",
  ].map((s) => [search(s)]),
  "block strings": [
    '""""""', '"""ab"""', '"""ab', '"""a""', '""""ab"""', '"""ab""""', '"""a\\"""b"""', '"""a\\\\"""', '"""\\n\\u0041"""', '"""\n  ab\n    c\n"""', '"""  ab\n  c"""', '"""a\n\n\tb\n  c"""', '"""\r\n ab\r c"""',
    '"""\n\n\n"""', '"""   \n  ab\n   """', '"""\u0000b"""', '"""\n    a\n  \n  b"""', '"""a\n b"""c', '"""\n ab\n""" x:1c',
  ].map((s) => [search(s)]),
  "punctuators": [["{..a}"], ["{....a}"], ["{__typename & __typename}"], ["{__typename | a}"], ["{a?}"], ["{a;b}"], ["{a%}"], ["{...}"], ["{__typename!}"]],
  "documents": [
    ["{"], ["}"], ["query"], ["query {"], ["query A"], ["query A {__typename}"], ["query A(){__typename}"], ["query($){__typename}"], ["query($a){__typename}"], ["query($a:){__typename}"], ["query($a:[Int){__typename}"],
    ["query($a:Int!!){__typename}"], ["query($a:Int=){__typename}"], ["query($a:Int=$b){__typename}"], ["query($a:Int=[$b]){__typename}"], ["query($a:Int@skip(if:$b)){__typename}"], ["query @a {__typename}"],
    ["fragment"], ["fragment A"], ["fragment on on Query{__typename}"], ["fragment A($a:Int) on Query{__typename}"], ["fragment A on{__typename}"], ["{...on}"], ["{...on Query}"], ["{...on on{a}}"], ["{...\"on\" Query{a}}"], ["query \"A\"{__typename}"],
    ["foo {a}"], ["{__typename} type A{"], ["{__typename} type(", {}], ["{a(b:type c)}"], ["{a:}"], ["{:a}"], ["{a b:c:d}"], ["{a(}"], ["{a()}"], ["{a(b)}"], ["{a(b:)}"], ["{a(b:c d)}"], ["{a(b:[)}"], ["{a(b:{)}"], ["{a(b:{c})}"], ["{a(b:{c:})}"], ["{a@}"], ["{a@b(}"], ["{a{}"], ["{__typename}}"], ["{__typename}{"],
    ['"d"query{__typename}'], ['"""d"""query A("e"$a:Int){searchChats(first:$a){totalCount}}'], ['"d"{__typename}'], ['{...A}"d"fragment A on Query{__typename}'], ['"d"'], ['"d" "e" query{__typename}'], ['{"d" __typename}'], ["{__typename} trailing"],
  ],
  "operations": [
    ["mutation{a}"], ["subscription{a}"], ["subscription{a b}"], ["mutation A{__typename}"], ["query A{__typename} query B{a:__typename}"], ["query A{__typename} query B{a:__typename}", {}, "B"], ["query A{__typename} query B{a:__typename}", {}, "C"],
    ["query A{__typename}", {}, "A"], ["{__typename}", {}, "A"], ["{__typename} query A{__typename}"], ["{__typename} {__typename}"], ["query A{__typename} query A{__typename}"], ["query A{__typename} query A{__typename} query A{__typename}"],
    ["{...A} fragment A on Query{__typename}"], ["fragment A on Query{__typename}"], ["query A{__typename} mutation A{__typename}"],
  ],
  "fields": [
    ["{a}"], ["{searchChats}"], ["{searchChats{totalCount{a}}}"], ["{__typename{a}}"], ["{__typename{__typename{__typename}}}"], ["{__typename{__typename(a:1)}}"], ["{searchChats{serch}}"], ["{__schema{a}}"], ["{__foo}"], ["{searchChats{__schema{queryType{name}}}}"], ["{searchChats{__type(name:\"Chat\"){name}}}"],
    ["{...on ChatEdge{cursor}}"], ["{searchChats{nodes}}"], ["{searchChats{nodes{channel}}}"], ["{searchChats{totalCount{__typename}}}"], ["{a:__typename b:a}"], [chats("nodes{raw{a}}")],
  ],
  "fragments": [
    ["{...A}"], ["{...A ...A ...B} fragment A on Query{__typename ...B} fragment B on Query{a:__typename}"], ["{__typename} fragment A on Query{__typename}"], ["{...A} fragment A on Query{__typename} fragment A on Query{a:__typename}"],
    ["{...A} fragment A on A{__typename}"], ["{...A} fragment A on Int{__typename}"], ["{...A} fragment A on ChatFilter{__typename}"], ["{...A} fragment A on Chat{id}"], ["{...on Chat{id}}"], ["{...on Int{a}}"], ["{...on A{a}}"], ["{...on ChatStatus{a}}"], ["{...{...{__typename}}}"],
    ["{...A} fragment B on Query{...A} fragment A on Query{__typename}"], ["{__typename} fragment A on Query{...B} fragment B on Query{__typename}"], ["{...A} fragment A on Query{...C}"], ["{searchChats(first:1){...A nodes{...A}}} fragment A on ChatConnection{totalCount}"],
    ["{...A} fragment A on Chat{id} fragment A on Query{__typename}"], ["{...A} fragment A on Query{__typename} fragment A on Chat{id}"], ["{...A} fragment A on Query{...B} fragment B on Query{a:__typename} fragment A on Query{__typename}"],
    ["{...A @skip(if:true) ...A} fragment A on Query{__typename}"], ["{...A ...A @include(if:false)} fragment A on Query{__typename}"],
  ],
  "arguments": [
    ["{searchChats(a:1){totalCount}}"], ["{searchChats(frist:1){totalCount}}"], ["{searchChats(first:1 first:2 first:3){totalCount}}"], ["{__type{name}}"], ["{__type(name:null){name}}"], ["{__type(name:\"Chat\" name:\"Agent\"){name}}"], ["{__typename(a:1)}"],
    ["{a(b:$c d:[1])}"], ["{__typename @skip}"], ["{__typename @skip(if:true if:false)}"], ["{__typename @skip(iff:true)}"], ["{__typename @skip(if:1)}"], ["{__typename @skip(if:null)}"], ["{__typename @skip(if:{})}"], ["{__typename @include(if:[])}"],
  ],
  "values": [
    ...["null", "1", '"a"', "{}", "[]", "[1]", "[[1]]", "true", "A", "1.5", "[null]"].flatMap((v) => [
      [chats("totalCount", `(first:${v})`)], [chats("totalCount", `(after:${v})`)], [chats("totalCount", `(page:${v})`)], [chats("totalCount", `(filter:{statuses:${v}})`)], [chats("totalCount", `(filter:{labels:${v}})`)], [chats("totalCount", `(filter:{showNoMessages:${v}})`)],
      [chats("totalCount", `(filter:{channel:{name:${v} accountId:${v}}})`)], [chats("totalCount", `(filter:{channel:${v}})`)],
    ]),
    [chats("totalCount", "(filter:{statuses:BOT})")], [chats("totalCount", "(filter:{statuses:[BOT PENDING BULK]})")], [chats("totalCount", "(filter:{statuses:[bot]})")], [chats("totalCount", '(filter:{statuses:["BOT"]})')], [chats("totalCount", "(filter:{channel:{name:SMS accountId:1}})")],
    [chats("totalCount", "(filter:{a:1 b:{c:$d}})")], [chats("totalCount", "(filter:{search:\"ab\" search:1})")], [chats("totalCount", "(filter:{search:1 search:\"ab\" search:\"cd\"})")], [chats("totalCount", "(filter:{labels:[18446744073709551616 -0 007]})")], [chats("totalCount", "(filter:{labels:[18446744073709551616 -0]})")],
    [chats("totalCount", "(filter:{labels:[1.5 1e3 true {a:1}]})")],
  ],
  "directives": [
    ["{__typename @a}"], ["query @skip(if:true){__typename}"], ["query($a:Int @skip(if:true)){searchChats(first:$a){totalCount}}"], ["{...A} fragment A on Query @include(if:true){__typename}"], ["{__typename @skip(if:true) @skip(if:true) @skip(if:false)}"], ["{__typename @deprecated}"], ["{__typename @specifiedBy(url:\"a\")}"],
    ["{a:__typename @skip(if:true) __typename @include(if:true) @skip(if:false)}"], ["{__typename @skip(if:true)}"], ["{... @skip(if:true){__typename} ... @include(if:true){a:__typename}}"], ["{__typename @defer}"], ["{... @defer{__typename}}"], ["{__typename @oneOf}"],
  ],
  "variables": [
    ["query($a:Int $a:Int $b:Int){searchChats(first:$a last:$b){totalCount}}"], ["query($a:Int){__typename}"], ["query A($a:Int){__typename}"], ["{searchChats(first:$a){totalCount}}"], ["query A{...B} fragment B on Query{searchChats(first:$a){totalCount}}"], ["query($a:A){searchChats(first:$a){totalCount}}"],
    ["query($a:Chat){searchChats(first:$a){totalCount}}"], ["query($a:[[Query!]]!){searchChats(first:$a){totalCount}}"], ["query($a:String){searchChats(first:$a){totalCount}}"], ["query($a:Int!){searchChats(first:$a){totalCount}}", { a: 1 }], ["query($a:[Int]){searchChats(first:$a){totalCount}}"], ["query($a:Int){searchChats(filter:{labels:$a}){totalCount}}"],
    ["query($a:ID){searchChats(filter:{labels:[$a]}){totalCount}}"], ["query($a:ID){searchChats(filter:{labels:$a}){totalCount}}"], ["query($a:[ID]){searchChats(filter:{labels:$a}){totalCount}}"], ["query($a:[ID!]){searchChats(filter:{labels:$a}){totalCount}}", { a: "x" }], ["query($a:Boolean){__typename @skip(if:$a)}"], ["query($a:Boolean=null){__typename @skip(if:$a)}"],
    ["query($a:Int=\"a\"){searchChats(first:$a){totalCount}}"], ["query($a:Int!=null){searchChats(first:$a){totalCount}}"], ["query($a:ChatFilter={a:1}){searchChats(filter:$a){totalCount}}"], ["query($a:ChatFilter={search:1 labels:[1 {}]}){searchChats(filter:$a){totalCount}}"],
  ],
  "values of variables": [
    ...[undefined, null, 0, 1, -0, 1.5, 1e3, 2147483648, "a", "1", true, [], [1], [null], [[1]], {}, { a: 1 }, { first: 1 }, { first: "1", b: 2, c: 3 }, { search: "ab", labels: [1, "b"], statuses: "BOT" }, { statuses: ["BOT", null, 1] }, { channel: {} }, { channel: { name: "SMS", accountId: true, a: 1 } }].flatMap((a) =>
      ["Int", "Int!", "Int=2", "[Int!]", "String", "ID", "[ID!]", "Boolean", "ChatFilter", "PageInput", "ChatStatus", "[ChatStatus!]=[BOT]"].map((type) => [`query($a:${type}){${use(type)}}`, { a }]),
    ),
    ["query($a:Int!$b:ID!){searchChats(first:$a filter:{labels:[$b]}){totalCount}}", {}], ["query($a:Int!$b:ID!){searchChats(first:$a filter:{labels:[$b]}){totalCount}}", { a: "x", b: 1.5, c: 1 }],
  ],
  "null where it is not allowed": [
    ["query($y:Boolean=true){searchChats(first:2){edges{node{id name@include(if:$y)}} nodes{id channel{rawName@skip(if:$y)}}}}", { y: null }], ["query($y:Boolean=true){searchChats(first:2){nodes{id channel{rawName@skip(if:$y)}} edges{node{id name@include(if:$y)}}}}", { y: null }],
    ["query($y:Boolean=true){searchChats(first:2){nodes{id previousBotSession{node@include(if:$y)} channel{rawName@skip(if:$y)}} edges{node{id name@include(if:$y)}}}}", { y: null }], ["query($y:Boolean=true){a:searchChats(first:2){nodes{previousBotSession{node@include(if:$y)}}} b:searchChats(first:3){edges{node{id@skip(if:$y)}} nodes{previousBotSession{node@include(if:$y)}}}}", { y: null }],
    ["query($y:Boolean=true){searchChats(first:5){edges{node{botState{id@skip(if:$y)} agent{uid@skip(if:$y)} channel{accountId@skip(if:$y)}}} nodes{replyAction{bot@skip(if:$y)}}}}", { y: null }],
    ["query($y:Boolean=true){searchChats(first:1){t:totalCount totalCount @include(if:$y)}}", { y: null }], ["query($s:ChatStatus=BULK){searchChats(filter:{statuses:[$s]}){totalCount}}", { s: null }], ["query($y:Boolean=true){__typename @skip(if:$y)}", { y: null }],
    ["query($y:Boolean=true){searchChats(first:2){edges{node{id ...@include(if:$y){name}}}}}", { y: null }], ["query($y:Boolean=true){searchChats(first:2){nodes{agent{uid@skip(if:$y)} channel{accountId@skip(if:$y)}}}}", { y: null }], ["query($n:String=\"Chat\"){__type(name:$n){name}}", { n: null }],
    ["query($y:Boolean=true){__type(name:\"Chat\"){fields{name args{name@skip(if:$y)}}}}", { y: null }], ["query($y:Boolean=true){a:searchChats(first:1){pageInfo{hasNextPage@skip(if:$y)} nodes{id@skip(if:$y)}} b:__typename}", { y: null }], ["query($d:Boolean=true){__type(name:\"Chat\"){fields(includeDeprecated:$d){name}}}", { d: null }],
    ["query($i:ID=1){a:searchChats(filter:{labels:[$i]}){totalCount} b:searchChats(filter:{labels:$i}){totalCount}}", { i: null }], ["query($y:Boolean=true){...A@skip(if:$y)} fragment A on Query{__typename}", { y: null }], ["query($y:Boolean=true){__typename @include(if:$y) @skip(if:true)}", { y: null }],
  ],
  "merged fields": [
    ["{__typename __typename}"], ["{a:__typename a:searchChats{totalCount}}"], ["{searchChats(first:1){totalCount} searchChats(first:2){totalCount}}"], ["{searchChats(first:1){totalCount} searchChats(first:1){nodes{id}}}"], ["{searchChats(first:1 last:null){totalCount} searchChats(last:null first:1){t:totalCount}}"],
    ["{searchChats(page:{first:1 skip:1}){totalCount} searchChats(page:{skip:1 first:1}){t:totalCount}}"], ["query($a:Int){searchChats(first:$a){totalCount} searchChats(first:$a){nodes{id}}}", { a: 1 }], ["{searchChats(first:1){nodes{id} nodes{id:name}}}"], ["{searchChats(first:1){nodes{a:id} ...{nodes{a:title}}}}"],
    ["{searchChats(first:-1){totalCount} searchChats(first:-1){t:totalCount} ...on Query{searchChats(first:-1){totalCount}}}"], ["{searchChats(first:1){nodes{id}...A}} fragment A on ChatConnection{nodes{name}totalCount nodes{id}}"], ["{searchChats(filter:{search:\"ab\"}){totalCount} searchChats(filter:{search:\"\"\"ab\"\"\"}){totalCount}}"],
  ],
  "introspection": [
    ...["Chat", "ChatFilter", "ChatStatus", "DateTime", "Int", "Float", "None", "__Type", "__TypeKind", ""].map((name) => [`{__type(name:"${name}"){kind name specifiedByURL isOneOf interfaces{name} possibleTypes{name} ofType{name} fields{name isDeprecated deprecationReason type{kind name ofType{kind name}} args{name defaultValue}} inputFields{name defaultValue isDeprecated type{kind}} enumValues{name isDeprecated}}}`]),
    ["{__schema{queryType{name} mutationType{name} subscriptionType{name} description}}"], ["{__type(name:\"Chat\"){fields{type{fields{type{fields{name}}}}}}}"], ["{__schema{types{fields{type{fields{type{fields{name}}}}}}}}"], ["{__type(name:\"Chat\"){fields(includeDeprecated:true){name args(includeDeprecated:true){name}}}}"],
  ],
};

/** A use of a variable of a type. */
function use(type) {
  if (type.startsWith("Int")) return "searchChats(first:$a){totalCount}";
  if (type.startsWith("String")) return "searchChats(filter:{search:$a}){totalCount}";
  if (type.startsWith("ID") || type.startsWith("[ID")) return "searchChats(filter:{labels:$a}){totalCount}";
  if (type.startsWith("Boolean")) return "searchChats(filter:{showNoMessages:$a}){totalCount}";
  if (type.startsWith("ChatFilter")) return "searchChats(filter:$a){totalCount}";
  if (type.startsWith("PageInput")) return "searchChats(page:$a){totalCount}";
  if (type.includes("ChatStatus")) return "searchChats(filter:{statuses:$a}){totalCount}";
  return "searchChats(filter:{statuses:[BOT]}){totalCount} __typename @skip(if:$a)"; // an error
}
