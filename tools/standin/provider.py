"""What every stand-in has in common: it accepts any resource of its package. Knows no package."""

import json
from collections.abc import Iterable
from typing import ClassVar, Protocol

import grpc
from google.protobuf.empty_pb2 import Empty
from google.protobuf.struct_pb2 import Struct
from pulumi.runtime.proto import plugin_pb2, provider_pb2
from pulumi.runtime.proto.provider_pb2_grpc import ResourceProviderServicer

from tools.standin.replacement import REPLACED_BY
from tools.standin.resource import Resource
from tools.standin.wire import UNKNOWN, Properties, changes, properties, revealed, struct


class _ResourceRequest(Protocol):
    type: str
    name: str
    urn: str


class StandIn(ResourceProviderServicer):
    """Keeps nothing: inputs become state, and what a dependant needs is computed from them."""

    package: ClassVar[str]

    def __init__(self) -> None:
        # The engine has one connection for each provider resource, and nothing else tells them apart.
        self._settings: dict[str, Properties] = {}

    def identity(self, resource: Resource) -> str:
        """The id that the real provider would give."""
        return resource.physical_name

    def computed(self, resource: Resource) -> Properties:
        """Outputs beyond the inputs."""
        return {"name": resource.physical_name}

    def answer(self, token: str, arguments: Properties, settings: Properties) -> Properties:
        """What a function of the package returns."""
        del arguments, settings
        raise NotImplementedError(token)

    def complete(self, resource: Resource, old: Properties) -> Properties:
        """Inputs that the provider adds by itself."""
        del resource, old
        return {}

    def fixed_inputs(self, type_: str) -> set[str]:
        """The inputs of a type that make it another resource."""
        return {_top(path) for path in REPLACED_BY.get(type_, ())}

    def replaced_by(self, resource: Resource, paths: Iterable[str]) -> list[str]:
        """Those of the changed paths that the platform can only follow with a new resource."""
        forcing = REPLACED_BY.get(resource.type, ())
        return [path for path in paths if under(path, forcing)]

    def deletes_first(self, resource: Resource, old: Properties) -> bool:
        """Whether old and new cannot be there at once, as under one fixed name."""
        del resource, old
        return False

    def made(self, resource: Resource) -> None:
        """Follows a creation or an update."""

    def removed(self, resource: Resource) -> None:
        """Follows a deletion."""

    def Handshake(
        self, request: provider_pb2.ProviderHandshakeRequest, context: grpc.ServicerContext
    ) -> provider_pb2.ProviderHandshakeResponse:
        """Left out: the engine then asks Configure instead."""
        del request
        context.abort(grpc.StatusCode.UNIMPLEMENTED, "a stand-in is configured without a handshake")

    def GetPluginInfo(self, request: Empty, context: grpc.ServicerContext) -> plugin_pb2.PluginInfo:
        """Newer than any that a program asks for."""
        del request, context
        return plugin_pb2.PluginInfo(version="999.0.0")

    def Attach(self, request: plugin_pb2.PluginAttach, context: grpc.ServicerContext) -> Empty:
        """The engine says where it listens, which matters to nobody here."""
        del request, context
        return Empty()

    def CheckConfig(
        self, request: provider_pb2.CheckRequest, context: grpc.ServicerContext
    ) -> provider_pb2.CheckResponse:
        """Any setting will do."""
        del context
        return provider_pb2.CheckResponse(inputs=request.news)

    def DiffConfig(
        self, request: provider_pb2.DiffRequest, context: grpc.ServicerContext
    ) -> provider_pb2.DiffResponse:
        """A changed setting of the provider updates it in place, but where it moves everything."""
        del context
        old, new = revealed(properties(request.old_inputs)), revealed(properties(request.news))
        paths = [change.path for change in changes(old, new)]
        forcing = REPLACED_BY.get(f"pulumi:providers:{self.package}", ())
        return _difference(paths, [path for path in paths if under(path, forcing)])

    def Configure(
        self, request: provider_pb2.ConfigureRequest, context: grpc.ServicerContext
    ) -> provider_pb2.ConfigureResponse:
        """A preview may ask too: it then sees which outputs change, and what depends on them."""
        self._settings[context.peer()] = revealed(properties(request.args))
        return provider_pb2.ConfigureResponse(acceptSecrets=True, supportsPreview=True, acceptResources=True)

    def Invoke(
        self, request: provider_pb2.InvokeRequest, context: grpc.ServicerContext
    ) -> provider_pb2.InvokeResponse:
        """A function's answer, where the stand-in knows one."""
        arguments = revealed(properties(request.args))
        try:
            answer = self.answer(request.tok, arguments, self._settings.get(context.peer(), {}))
        except NotImplementedError:
            context.abort(
                grpc.StatusCode.UNIMPLEMENTED,
                f"the stand-in for {self.package} has no answer to {request.tok}:"
                f" tools/standin/ is where it would be given",
            )
        response = provider_pb2.InvokeResponse()
        getattr(response, "return").CopyFrom(struct(answer))
        return response

    def Check(
        self, request: provider_pb2.CheckRequest, context: grpc.ServicerContext
    ) -> provider_pb2.CheckResponse:
        """The inputs, with what the provider adds."""
        resource = self._resource(request, request.news, context)
        added = self.complete(resource, revealed(properties(request.olds)))
        if added:
            return provider_pb2.CheckResponse(inputs=struct({**properties(request.news), **added}))
        return provider_pb2.CheckResponse(inputs=request.news)

    def Diff(
        self, request: provider_pb2.DiffRequest, context: grpc.ServicerContext
    ) -> provider_pb2.DiffResponse:
        """Compares what was asked for with what is."""
        resource = self._resource(request, request.news, context)
        old = revealed(properties(request.old_inputs))
        paths = [change.path for change in changes(old, resource.inputs)]
        difference = _difference(paths, self.replaced_by(resource, paths))
        difference.deleteBeforeReplace = bool(difference.replaces) and self.deletes_first(resource, old)
        return difference

    def Create(
        self, request: provider_pb2.CreateRequest, context: grpc.ServicerContext
    ) -> provider_pb2.CreateResponse:
        """Makes the resource's state."""
        resource = self._resource(request, request.properties, context)
        if request.preview and UNKNOWN in json.dumps(resource.inputs):
            return provider_pb2.CreateResponse(properties=request.properties)
        if not request.preview:
            self.made(resource)
        state = struct({**self.computed(resource), **properties(request.properties)})
        return provider_pb2.CreateResponse(id=self.identity(resource), properties=state)

    def Read(
        self, request: provider_pb2.ReadRequest, context: grpc.ServicerContext
    ) -> provider_pb2.ReadResponse:
        """A resource that somebody else made is there, and as expected."""
        resource = self._resource(request, request.inputs, context)
        state = struct({**self.computed(resource), **properties(request.properties)})
        return provider_pb2.ReadResponse(id=request.id, properties=state, inputs=request.inputs)

    def Update(
        self, request: provider_pb2.UpdateRequest, context: grpc.ServicerContext
    ) -> provider_pb2.UpdateResponse:
        """Keeps what was computed once, and takes the new inputs."""
        resource = self._resource(request, request.news, context)
        if not request.preview:
            self.made(resource)
        kept = {
            key: value
            for key, value in properties(request.olds).items()
            if key not in properties(request.old_inputs)
        }
        state = {**kept, **properties(request.news)}
        return provider_pb2.UpdateResponse(properties=struct(state))

    def Delete(self, request: provider_pb2.DeleteRequest, context: grpc.ServicerContext) -> Empty:
        """Forgets the resource."""
        self.removed(self._resource(request, request.old_inputs, context))
        return Empty()

    def Cancel(self, request: Empty, context: grpc.ServicerContext) -> Empty:
        """Nothing takes long enough to be cancelled."""
        del request, context
        return Empty()

    def _resource(self, request: _ResourceRequest, inputs: Struct, context: grpc.ServicerContext) -> Resource:
        values = revealed(properties(inputs))
        return Resource(
            type=request.type,
            name=request.name,
            urn=request.urn,
            inputs=values,
            provider=self._settings.get(context.peer(), {}),
            fixed={key: values[key] for key in sorted(values.keys() & self.fixed_inputs(request.type))},
        )


def under(path: str, forcing: Iterable[str]) -> bool:
    """Whether the path is one of these, or lies within one."""
    return any(path == place or path.startswith((f"{place}.", f"{place}[")) for place in forcing)


def _difference(paths: list[str], replacing: list[str]) -> provider_pb2.DiffResponse:
    kinds = provider_pb2.PropertyDiff
    return provider_pb2.DiffResponse(
        changes=provider_pb2.DiffResponse.DIFF_SOME if paths else provider_pb2.DiffResponse.DIFF_NONE,
        diffs=sorted({_top(path) for path in paths}),
        replaces=sorted({_top(path) for path in replacing}),
        detailedDiff={
            path: kinds(kind=kinds.UPDATE_REPLACE if path in replacing else kinds.UPDATE, inputDiff=True)
            for path in paths
        },
        hasDetailedDiff=True,
    )


def _top(path: str) -> str:
    return path.split(".", 1)[0].split("[", 1)[0]
