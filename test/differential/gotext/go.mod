module openchoreo-gitops/test/differential/gotext

go 1.21
