# The base is one argument, so that a mirror of it, or another digest, needs no change here:
#   docker build --build-arg PYTHON_IMAGE=registry.example.com/python:3.13-slim@sha256:… .
ARG PYTHON_IMAGE=python:3.13-slim@sha256:7c61056e61ac89e852de05f3dc6fa51a6dd2181797bceed46aa725dd7cb2cd3b

FROM ${PYTHON_IMAGE} AS build
ENV UV_COMPILE_BYTECODE=1 \
    UV_LINK_MODE=copy \
    UV_PROJECT_ENVIRONMENT=/opt/venv \
    UV_PYTHON_DOWNLOADS=never
RUN pip install --no-cache-dir --disable-pip-version-check --root-user-action=ignore uv==0.13.8
WORKDIR /srv
COPY pyproject.toml uv.lock ./
# From the lock file with its hashes, and of all groups only what the API needs to run.
RUN uv sync --frozen --no-install-project --no-default-groups --group app --no-cache

FROM ${PYTHON_IMAGE}
# Nothing is installed at run time, so the installer goes too.
RUN python -m pip uninstall --yes --root-user-action=ignore pip \
    && groupadd --gid 1000 airfield \
    && useradd --uid 1000 --gid 1000 --no-create-home --home-dir /tmp --shell /usr/sbin/nologin airfield
# The root file system may be read-only: only /tmp is written to.
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1
WORKDIR /srv
COPY --from=build /opt/venv /opt/venv
COPY app app
# A platform's empty volume there takes its owner and mode from here.
VOLUME ["/tmp"]
USER 1000:1000
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-m", "app.healthcheck"]
# No entry point: a platform that sets another command replaces this one, whichever word it has for it.
CMD ["python", "-m", "app", "serve"]
