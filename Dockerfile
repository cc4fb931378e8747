# For linux/amd64 and linux/arm64: docker buildx build --platform linux/amd64,linux/arm64 .
# Exact versions, not moving tags. If you publish the image, pin the digests as well:
#   docker build --build-arg NODE_IMAGE=docker.io/library/node:24.21.0-trixie-slim@sha256:... \
#     --build-arg BASE_IMAGE=docker.io/library/debian:trixie-20260918-slim@sha256:... .
ARG NODE_IMAGE=docker.io/library/node:24.21.0-trixie-slim
# What the image of Node is made from too. Ours has Node alone from it: its layers also have npm, yarn and headers, 90 MB
# that a later layer can hide and not take away.
ARG BASE_IMAGE=docker.io/library/debian:trixie-20260918-slim

FROM ${NODE_IMAGE} AS build
WORKDIR /build
# What the package `kerberos`, the login to WinRM with a keytab, is compiled with. The image of Node has Node's headers.
RUN apt-get update \
 && apt-get install -y --no-install-recommends g++ libkrb5-dev make python3 \
 && rm -rf /var/lib/apt/lists/*
COPY package.json package-lock.json .npmrc ./
# Without install scripts: but for `kerberos` no dependency needs one at run time, and the development dependency that
# brings its own Node is left empty, so that the Node of the image is the only one.
RUN ["npm", "ci", "--ignore-scripts"]
# From its source: what its script would download instead was compiled elsewhere, and nothing vouches for it.
RUN ["npm", "rebuild", "kerberos", "--build-from-source", "--nodedir=/usr/local"]
# The bundle knows the commit that it was made from.
ARG REVISION=unknown
ENV REVISION=${REVISION}
COPY build ./build
COPY src ./src
RUN ["npm", "run", "build"]
# All but `kerberos` is in the bundle.
RUN ["npm", "prune", "--omit=dev", "--ignore-scripts"]

FROM ${BASE_IMAGE}
# --build-arg VERSION=0.1.0 --build-arg REVISION=$(git rev-parse HEAD) --build-arg CREATED=$(git log -1 --format=%cI)
ARG BASE_IMAGE
ARG VERSION=unknown
ARG REVISION=unknown
ARG CREATED=unknown
LABEL org.opencontainers.image.title="kmswatch" \
      org.opencontainers.image.description="Watches an organisation's Microsoft KMS hosts for Prometheus: DNS, reachability, thresholds, leases" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.vendor="The kmswatch authors" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.created="${CREATED}" \
      org.opencontainers.image.base.name="${BASE_IMAGE}"
# What Node is linked with, and MIT Kerberos, which `kerberos` loads at the first login with a keytab; the configuration,
# /etc/krb5.conf, is mounted. The only writable folder is the state's: the rest works on a read-only root file system.
RUN apt-get update \
 && apt-get install -y --no-install-recommends libgssapi-krb5-2 libstdc++6 \
 && rm -rf /var/lib/apt/lists/* /var/cache/apt /var/log/apt /var/log/dpkg.log /var/log/alternatives.log \
 && install -d -o 65532 -g 65532 -m 0750 /var/lib/kmswatch
COPY --from=build /usr/local/bin/node /usr/local/bin/node
COPY --from=build /usr/local/LICENSE /usr/local/share/doc/node/LICENSE
WORKDIR /opt/kmswatch
COPY --from=build /build/package.json ./
COPY --from=build /build/node_modules ./node_modules
COPY --from=build /build/dist ./dist
COPY bin ./bin
COPY LICENSE ./
# One arena of malloc for all threads: with hundreds of hosts 18 MB less (docs/decisions/0020-one-arena.md).
ENV NODE_ENV=production \
    MALLOC_ARENA_MAX=1 \
    STATE_DIRECTORY=/var/lib/kmswatch
# A number, so that Kubernetes' runAsNonRoot can tell that it is not root; 65532 is the nonroot user of distroless images.
USER 65532:65532
VOLUME ["/var/lib/kmswatch"]
EXPOSE 11688
# For Docker and Podman; Kubernetes asks /-/healthy and /-/ready itself. Another port goes behind the file.
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s CMD ["node", "/opt/kmswatch/bin/healthy.cjs"]
# Node itself is process 1 and ends on SIGTERM.
ENTRYPOINT ["node", "/opt/kmswatch/bin/kmswatch.cjs"]
CMD ["run", "--web.listen", ":11688"]
