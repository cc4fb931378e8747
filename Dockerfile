# The exact version, not a moving tag. Whoever publishes the image should pin the digest as well:
#   docker build --build-arg NODE_IMAGE=node:24.21.0-bookworm-slim@sha256:... .
ARG NODE_IMAGE=node:24.21.0-bookworm-slim

FROM ${NODE_IMAGE} AS build
WORKDIR /build
# What the package `kerberos`, the login to WinRM with a keytab, is compiled with. The image of Node has Node's headers.
RUN apt-get update \
 && apt-get install -y --no-install-recommends g++ libkrb5-dev make python3 \
 && rm -rf /var/lib/apt/lists/*
COPY package.json package-lock.json .npmrc ./
# Without install scripts: but for `kerberos` no dependency needs one at run time, and the development dependency that
# brings a Node of its own is left empty, so that the Node of the image is the only one.
RUN ["npm", "ci", "--ignore-scripts"]
# From its source: what its script would download instead was compiled elsewhere, and nothing vouches for it.
RUN ["npm", "rebuild", "kerberos", "--build-from-source", "--nodedir=/usr/local"]
COPY build ./build
COPY src ./src
RUN ["npm", "run", "build"]
# All but `kerberos` is in the bundle.
RUN ["npm", "prune", "--omit=dev", "--ignore-scripts"]

FROM ${NODE_IMAGE}
LABEL org.opencontainers.image.title="kmswatch" \
      org.opencontainers.image.description="Watches an organisation's Microsoft KMS hosts for Prometheus: DNS, reachability, thresholds, leases" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.base.name="docker.io/library/node:24.21.0-bookworm-slim"
# MIT Kerberos, which `kerberos` loads at the first login with a keytab; the configuration, /etc/krb5.conf, is mounted.
RUN apt-get update \
 && apt-get install -y --no-install-recommends libgssapi-krb5-2 \
 && rm -rf /var/lib/apt/lists/*
# The agent needs no package manager, and a scanner has less to report without them. The only writable folder is the
# state's: the rest works on a read-only root file system.
RUN rm -rf /usr/local/lib/node_modules /usr/local/bin/npm /usr/local/bin/npx /usr/local/bin/corepack \
      /usr/local/bin/yarn /usr/local/bin/yarnpkg /opt/yarn-* \
 && install -d -o 65532 -g 65532 -m 0750 /var/lib/kmswatch
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
# Node itself is process 1 and ends on SIGTERM. No HEALTHCHECK: ask /-/healthy and /-/ready from outside.
ENTRYPOINT ["node", "/opt/kmswatch/bin/kmswatch.cjs"]
CMD ["run", "--web.listen", ":11688"]
