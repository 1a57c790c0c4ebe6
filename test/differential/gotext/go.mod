module openchoreo-gitops/test/differential/gotext

go 1.26.0

require (
	github.com/fluxcd/pkg/sourceignore v0.18.0
	k8s.io/utils v0.0.0-20260507154919-ff6756f316d2
)

require github.com/davecgh/go-spew v1.1.2-0.20180830191138-d8f796af33cc // indirect
