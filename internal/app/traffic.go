package app

import (
	"bytes"
	"context"
	"io"
	"math/rand/v2"
	"net/http"
	"time"

	"texter-graphql/internal/config"
	"texter-graphql/internal/webhook"
	"texter-graphql/texter/sandbox"
)

// trafficTimeout bounds one webhook of the sandbox.
const trafficTimeout = 5 * time.Second

// liven changes the chats of the sandbox until ctx ends. If the service receives
// webhooks, the sandbox sends them.
func (p *program) liven(ctx context.Context, inbox *sandbox.Server, cfg config.Config) {
	t := sandbox.Traffic{Every: cfg.Live.SandboxTraffic, Seed: rand.Uint64()}
	if cfg.Live.WebhookSecret != "" {
		url := "http://" + p.api.listener.Addr().String() + webhook.Path
		t.Webhook = func(body []byte) { sendWebhook(ctx, url, p.service.secrets.webhook.Get(), body) }
	}
	inbox.Run(ctx, t)
}

// sendWebhook sends a webhook as Texter does. One that fails is lost, as Texter's are.
func sendWebhook(ctx context.Context, url, secret string, body []byte) {
	ctx, cancel := context.WithTimeout(ctx, trafficTimeout)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		return
	}
	r.Header.Set("Authorization", "Bearer "+secret)
	r.Header.Set("Content-Type", "application/json")
	if response, err := http.DefaultClient.Do(r); err == nil {
		_, _ = io.Copy(io.Discard, response.Body)
		_ = response.Body.Close()
	}
}
