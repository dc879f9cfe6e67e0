"""A real API server of Kubernetes and the etcd that it keeps things in, for `make test-apiserver`."""
