package sandbox

// pools are the words that chats are made up from.
type pools struct {
	names
	business
	talk
}

func newPools() pools {
	return pools{newNames(), newBusiness(), newTalk()}
}

// names are names of contacts.
type names struct {
	hebrewFirst, hebrewLast   []string
	englishFirst, englishLast []string
	arabicFirst, arabicLast   []string
	emoji                     []string
	awkward                   []string // names that careless encoding breaks
	nicknames                 []string // %s is the contact's name
	areaCodes                 []string // American
}

func newNames() names {
	return names{
		hebrewFirst: []string{
			"דנה", "יוסי", "נועה", "איתי", "מיכל", "אורי", "שירה", "דוד", "תמר", "רועי", "יעל", "משה",
			"ליאור", "הילה", "עומר", "רונית", "גיל", "מאיה", "אבי", "סיגל", "עידו", "קרן", "ניר", "אסתר",
		},
		hebrewLast: []string{
			"לוי", "כהן", "מזרחי", "פרץ", "ביטון", "אברהם", "פרידמן", "דהן", "אזולאי", "בן־דוד", "שפירא",
			"גולן", "רוזנברג", "חדד", "קליין", "סגל", "אוחיון", "ברק", "הררי", "נחום",
		},
		englishFirst: []string{
			"Dana", "John", "Sarah", "Michael", "Emma", "David", "Olivia", "Daniel", "Sophie", "Adam", "Grace",
			"Thomas", "Hannah", "Ben", "Laura", "Jack", "Rachel", "Peter", "Julia", "Mark", "Nina", "Oscar",
		},
		englishLast: []string{
			"Levi", "Doe", "Smith", "Cohen", "Johnson", "Brown", "Taylor", "Wilson", "Evans", "Walker", "Green",
			"Carter", "Mitchell", "Turner", "Parker", "Collins", "Bennett", "Foster", "Hughes", "Price",
		},
		arabicFirst: []string{"أحمد", "فاطمة", "محمد", "ليلى", "يوسف", "مريم", "عمر", "نور"},
		arabicLast:  []string{"حداد", "خوري", "منصور", "ناصر", "سعيد", "عيسى"},
		emoji:       []string{"🌸", "👩‍💻", "⚽️", "🇮🇱", "🙏🏽", "✨", "🐾"},
		awkward: []string{
			`Robert "Bobby" O'Neill`, `Back\slash Bros`, "Siobhán O’Brien", "D'Angelo & Sons", "<b>Bold</b> Bakery",
			"Jürgen Müller", "Łukasz Żółć", "Анна Иванова", "李小龍", "田中 さくら", "Zoë 100% + more", "🍕🍕🍕",
			"ד\"ר רות אלמוג", "צ'רלי פיצ'י", "\u200fדנה\u200e Dana", "Tab\tbed", "Two\nLines", "Ζωή Παππά", "ÅSA ÖBERG", ".",
		},
		nicknames: []string{
			"%s from the gym", "%s (VIP)", "%s - לקוח ותיק", "%s, do not call before 10", "%s / Tel Aviv", "★ %s",
		},
		areaCodes: []string{"202", "212", "305", "312", "415", "503", "617", "702", "808", "919"},
	}
}
