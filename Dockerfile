# GraphiQL
FROM --platform=$BUILDPLATFORM node:24-slim AS graphiql
WORKDIR /src/internal/graphiql
COPY internal/graphiql/package.json internal/graphiql/package-lock.json internal/graphiql/.npmrc ./
RUN npm ci --no-audit --no-fund
COPY internal/graphiql ./
COPY docs/errors.md /src/docs/errors.md
RUN npm run build

# The program, which holds it
FROM --platform=$BUILDPLATFORM golang:1.26.8 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
COPY --from=graphiql /src/internal/graphiql/dist internal/graphiql/dist
ARG TARGETOS TARGETARCH VERSION=unversioned REVISION=unknown
# -o: GraphiQL is built, whatever the files' times say.
RUN GOOS=$TARGETOS GOARCH=$TARGETARCH make -o internal/graphiql/dist/index.html build VERSION="$VERSION" REVISION="$REVISION"

# Nothing but the program and the certificate authorities it trusts
FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build /src/bin/texter-graphql /
USER 65532:65532
ENV ADDR=:8080
EXPOSE 8080
# It takes the flags of the service, wherever they were given: see docs/operation.md.
HEALTHCHECK --interval=10s --timeout=3s --start-period=5s CMD ["/texter-graphql", "healthcheck"]
ENTRYPOINT ["/texter-graphql"]
