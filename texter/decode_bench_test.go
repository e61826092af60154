package texter

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
)

// BenchmarkDecodeFullRows decodes rows with all documented fields.
func BenchmarkDecodeFullRows(b *testing.B) {
	chat, err := os.ReadFile("testdata/chat-object.json")
	if err != nil {
		b.Fatal(err)
	}
	var row bytes.Buffer
	if err := json.Compact(&row, chat); err != nil {
		b.Fatal(err)
	}
	body := []byte(inPage(strings.Join(slices.Repeat([]string{row.String()}, 30), ",")))
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	buffer := new(buffer) // used again, as by a client
	for b.Loop() {
		if _, err := buffer.decode(body); err != nil {
			b.Fatal(err)
		}
	}
}

// searchBody is the body of a page with n full rows.
func searchBody(n int) []byte {
	var b bytes.Buffer
	b.WriteString(`{"data":[`)
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `{"_id":"67bf11038b24880c%08x","title":"Dana Levi %d","displayName":"דנה לוי","agent":{"uid":"4d170fc7-5cd6-4496-98e4-f4f03a11456e","displayName":"Tyler"},"channel":"whatsapp","entityPhone":"+972509876543","clientPhoneE164":"+972521234567","clientPhone":"+972521234567","created":"2025-02-26T13:02:58.353Z","botState":{"id":"99f3e9b1","flowVersion":{"identifier":"onboarding-bot","version":37},"node":"handoff","userState":{"menu_choice":{"choice":2,"text":"נציג אנושי"}}},"last_message_timestamp":1762012091000,"lastIncomingMessageTimestamp":1762012091000,"status":2,"unreadCount":6,"labels":["VIP","new"],"channelInfo":{"name":"whatsapp","id":"972521234567","accountId":"972509876543"},"departmentId":"customer_service","resolvedUpdateTime":1762012093,"crmData":{"aiTerminateReason":"Inactivity"},"externalBot":false,"updatedAt":"2025-11-01T15:48:14.076Z"}`, i, i)
	}
	fmt.Fprintf(&b, `],"total":%d}`, n)
	return b.Bytes()
}

func BenchmarkDecodeSearchPage(b *testing.B) {
	for _, rows := range []int{30, 1000} {
		body := searchBody(rows)
		b.Run(fmt.Sprintf("rows=%d", rows), func(b *testing.B) {
			b.SetBytes(int64(len(body)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := decodeSearchPage(body); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
